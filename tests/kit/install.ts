import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Installs a copy of a folder with a command; returns the copy. Fresh caches where a registry is named, so that everything is asked for. */
export async function installCopy(folder: string, command: readonly string[], registry?: string): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), 'stowage-install-'));
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  const [program = '', ...args] = command;
  const caches = registry === undefined ? {} : freshCaches(mkdtempSync(join(tmpdir(), 'stowage-cache-')), registry);
  await run(program, args, { cwd: copy, env: { ...process.env, CI: '1', ...caches }, maxBuffer: 1 << 28 }).catch((error) => {
    throw new Error(`${command.join(' ')}\n${error.stdout}\n${error.stderr}`);
  });
  return copy;
}

/** Settings of all managers, in the environment names that each reads. */
function freshCaches(folder: string, registry: string): Record<string, string> {
  return {
    npm_config_registry: registry,
    npm_config_cache: join(folder, 'npm'),
    npm_config_store_dir: join(folder, 'store'),
    npm_config_cache_dir: join(folder, 'pnpm'),
    pnpm_config_registry: registry,
    pnpm_config_store_dir: join(folder, 'store'),
    pnpm_config_cache_dir: join(folder, 'pnpm'),
    YARN_REGISTRY: registry,
    YARN_CACHE_FOLDER: join(folder, 'yarn'),
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_GLOBAL_FOLDER: join(folder, 'berry'),
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    BUN_CONFIG_REGISTRY: registry,
    BUN_INSTALL_CACHE_DIR: join(folder, 'bun'),
    XDG_CACHE_HOME: join(folder, 'xdg'),
  };
}

/** Every installed package as `name@version`, by the folder of the tree that can import it: what a program would really find. */
export function installedTree(root: string, importers: readonly string[]): Map<string, ReadonlySet<string>> {
  return new Map(importers.map((importer) => [importer, reachable(join(root, importer))]));
}

/** All packages that a package can load, directly or through others, as Node resolves them. */
function reachable(folder: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visited = new Set<string>();
  const visit = (from: string): void => {
    if (visited.has(from)) return;
    visited.add(from);
    const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
    const names = Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...requiredPeers(manifest),
      ...(from === folder ? manifest.devDependencies : {}),
    });
    for (const name of names) {
      const target = resolve(name, from);
      if (target === undefined) continue;
      const { name: real, version } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
      if (target.includes('/node_modules/')) found.add(`${real}@${version}`);
      visit(target);
    }
  };
  visit(realpathSync(folder));
  return found;
}

/** An optional peer that no package of the closure provides may still be found where another app's is hoisted to: by chance alone. */
function requiredPeers({ peerDependencies = {}, peerDependenciesMeta = {} }): Record<string, unknown> {
  const optional = peerDependenciesMeta as Record<string, { optional?: boolean } | undefined>;
  return Object.fromEntries(Object.entries(peerDependencies).filter(([name]) => optional[name]?.optional !== true));
}

function resolve(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = join(folder, '..')) {
    try {
      const target = realpathSync(join(folder, 'node_modules', name));
      readdirSync(target);
      return target;
    } catch {
      if (folder === join(folder, '..')) return undefined;
    }
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
