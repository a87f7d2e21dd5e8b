import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repository } from './cli.ts';
import { releasedProgram } from './released-program.ts';

/** A major of Nx and the package manager that its workspace is installed with. */
export interface NxCombination {
  readonly nx: string;
  readonly manager: string;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Stowage's own packages as tarballs, as a registry would have them. The program must have been built. */
export function packStowage(): string {
  const vendor = mkdtempSync(join(tmpdir(), 'stowage-nx-vendor-'));
  const pnpm = releasedProgram('pnpm@10.34.9') as string;
  for (const name of ['core', 'nx-plugin']) {
    const { status, stderr } = spawnSync(pnpm, ['pack', '--pack-destination', vendor], { cwd: join(repository, 'packages', name), encoding: 'utf8' });
    if (status !== 0) throw new Error(`${name} cannot be packed:\n${stderr}`);
  }
  return vendor;
}

/**
 * A package-based workspace of two servers, each with a package that it uses, and with no package of a registry but Nx; committed, so that
 * `affected` has a base.
 */
export class NxWorkspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'stowage-nx-'));
  readonly env: NodeJS.ProcessEnv;
  readonly manager: string;
  readonly #cache = mkdtempSync(join(tmpdir(), 'stowage-nx-cache-'));

  constructor({ nx, manager }: NxCombination, vendor: string, apps: Readonly<Record<'api' | 'worker', string>>) {
    const bin = dirname(releasedProgram(manager) as string);
    this.manager = manager.split('@')[0] as string;
    const nxSettings = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', CI: 'true' };
    // yarn 1 takes a tarball of this name and version from its cache, whatever the one at hand holds
    this.env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, ...nxSettings, YARN_CACHE_FOLDER: this.#cache };
    const link = this.manager === 'pnpm' ? 'workspace:*' : '*';
    for (const [path, text] of Object.entries({ ...rootOf(manager), ...packagesOf(apps, link) })) this.write(path, text);
    cpSync(vendor, join(this.folder, 'vendor'), { recursive: true });
    this.shell(`git init --quiet && ${this.manager} install && npx --yes nx@${nx} init --interactive=false --nxCloud=false`);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  json(path: string): Record<string, unknown> {
    return JSON.parse(this.read(path));
  }

  commit(): void {
    this.shell('git add --all && git -c user.name=test -c user.email=test@example.invalid commit --quiet --message change');
  }

  /** Runs a command that must succeed. */
  shell(command: string): Ran {
    const ran = this.attempt(command);
    if (ran.status !== 0) throw new Error(`${command} failed (${ran.status}):\n${ran.stdout}\n${ran.stderr}`);
    return ran;
  }

  attempt(command: string): Ran {
    return spawnSync('sh', ['-c', command], { cwd: this.folder, env: this.env, encoding: 'utf8', maxBuffer: 1 << 26 });
  }

  remove(): void {
    for (const folder of [this.folder, this.#cache]) rmSync(folder, { recursive: true, force: true });
  }
}

function rootOf(manager: string): Record<string, string> {
  const core = { '@stowage/core': 'file:./vendor/stowage-core-0.0.0.tgz' };
  const settings = manager.startsWith('npm')
    ? { overrides: core }
    : manager.startsWith('pnpm')
      ? { pnpm: { overrides: core } }
      : { resolutions: core, devDependencies: { '@nx/devkit': '24.0.0' } };
  const root = { name: 'root', version: '0.0.0', private: true, packageManager: manager, workspaces: ['packages/*'], ...settings };
  return {
    'package.json': JSON.stringify(root),
    '.gitignore': 'node_modules\n.nx\nout\n',
    ...(manager.startsWith('pnpm') ? { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' } : {}),
  };
}

function packagesOf(apps: Readonly<Record<'api' | 'worker', string>>, link: string): Record<string, string> {
  const serverOf = (app: string, library: string): Record<string, string> => ({
    [`packages/${app}/build.js`]:
      "const fs = require('node:fs');\nfs.mkdirSync('dist', { recursive: true });\nfs.copyFileSync('main.js', 'dist/main.js');\n",
    [`packages/${app}/main.js`]: `require('node:http').createServer((_, answer) => answer.end(String(require('${library}').answer))).listen(process.env.PORT ?? 3000);\nprocess.on('SIGTERM', () => process.exit(0));\n`,
  });
  const manifest = (name: string, more: object = {}): string => JSON.stringify({ name, version: '1.0.0', ...more });
  const server = (library: string) => ({ scripts: { build: 'node build.js', start: 'node dist/main.js' }, dependencies: { [library]: link } });
  return {
    ...serverOf('api', 'lib'),
    ...serverOf('worker', 'other'),
    'packages/api/package.json': manifest(apps.api, server('lib')),
    'packages/worker/package.json': manifest(apps.worker, server('other')),
    'packages/lib/package.json': manifest('lib'),
    'packages/lib/index.js': 'exports.answer = 42;\n',
    'packages/other/package.json': manifest('other'),
    'packages/other/index.js': 'exports.answer = 7;\n',
  };
}
