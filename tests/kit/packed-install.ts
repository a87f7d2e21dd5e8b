import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pack, readWorkspace, writePlan } from '@stowage/core';
import { expect } from 'vitest';
import { filesOf, type InventedRepository } from '../fuzz/invented.ts';
import type { InventedRegistry } from '../fuzz/registry.ts';
import { frozenInstall, isAvailable, lockCommand, run } from '../fuzz/tools.ts';
import { installedPackages } from '../fuzz/tree.ts';

/** The folders of one try of an invented repository. */
export interface Locked {
  /** The repository with its lockfile. */
  readonly source: string;
  /** Beside it: for what is made of it. */
  readonly folder: string;
  /** Runs the manager in a folder. */
  run(words: readonly string[], cwd: string): ReturnType<typeof run>;
  remove(): void;
}

/** Has a release of a package manager lock a repository. Undefined where the release cannot be fetched; a failure where everything is required. */
export async function lockInvented(repository: InventedRepository, registry: InventedRegistry): Promise<Locked | undefined> {
  const { manager } = repository;
  if (!isAvailable(manager)) {
    if (process.env.STOWAGE_REQUIRE_ALL === '1') throw new Error(`${manager.id} ${manager.version} cannot be fetched from the registry`);
    console.warn(`SKIPPED ${manager.id} ${manager.version}: the registry does not answer`);
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'stowage-packed-'));
  const [source, url] = [join(folder, 'source'), registry.serve(repository.registry)];
  for (const [path, text] of Object.entries(filesOf(repository))) {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    writeFileSync(join(source, path), text);
  }
  const inside = (words: readonly string[], cwd: string) => run(manager, words, cwd, url, join(folder, 'home'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const locked = await inside(lockCommand(manager), source);
  if (!locked.ok) remove();
  expect(locked.ok, locked.output).toBe(true);
  rmSync(join(source, 'node_modules'), { recursive: true, force: true });
  return { source, folder, run: inside, remove };
}

interface PackedOptions {
  /** Whether packages run their install scripts. */
  readonly scripts?: boolean;
}

/**
 * Has a release of a package manager lock a repository, packs its app `app`, and installs what was packed frozen: the packages, `name@version`, that
 * each of the two installs brings besides the workspace's own, sorted. Undefined where the release cannot be fetched.
 */
export async function packedInstall(
  repository: InventedRepository,
  registry: InventedRegistry,
  { scripts = false }: PackedOptions = {},
): Promise<Readonly<Record<'deps' | 'prod', readonly string[]>> | undefined> {
  const locked = await lockInvented(repository, registry);
  if (locked === undefined) return undefined;
  const own = new Set(repository.importers.map(({ manifest }) => manifest.name));
  const out = join(locked.folder, 'out');
  try {
    const workspace = await readWorkspace(locked.source);
    const plan = await pack(workspace, 'app', { imports: false });
    await writePlan(plan, workspace, out);
    const install = async (mode: 'deps' | 'prod'): Promise<readonly string[]> => {
      const copy = join(locked.folder, mode);
      cpSync(join(out, mode), copy, { recursive: true, verbatimSymlinks: true });
      const words = frozenInstall(plan.packageManager, mode).filter((word) => !scripts || !/^--(?:ignore-scripts|mode=skip-build)$/.test(word));
      const frozen = await locked.run(words, copy);
      expect(frozen.ok, frozen.output).toBe(true);
      expect(readFileSync(join(copy, workspace.lockfile.path), 'utf8')).toBe(readFileSync(join(out, mode, workspace.lockfile.path), 'utf8'));
      return [...installedPackages(copy)].filter((name) => !own.has(name.replace(/@[^@]*$/, ''))).sort();
    };
    return { deps: await install('deps'), prod: await install('prod') };
  } finally {
    locked.remove();
  }
}
