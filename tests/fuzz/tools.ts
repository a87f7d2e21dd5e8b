import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PackageManager, PackageManagerId } from '@stowage/core';
import { adapterOf } from '../../packages/core/src/package-managers/list.ts';
import { releasedProgram, toolCache } from '../kit/released-program.ts';
import { compileCache } from './compile-cache.ts';
import { succeedsResident } from './resident.ts';
import { major } from './version.ts';

type Manager = Pick<PackageManager, 'id' | 'version'>;

/** The releases that repositories are invented for, the most used one of each manager first. */
export const releases: Readonly<Record<PackageManagerId, readonly string[]>> = {
  pnpm: ['10.34.9', '9.15.9', '11.28.11', '12.21.0', '8.15.9', '7.33.7'],
  npm: ['11.19.1', '10.9.9', '12.2.0'],
  'yarn-classic': ['1.22.22'],
  'yarn-berry': ['4.18.1', '3.8.7'],
  bun: ['1.3.11', '1.4.5'],
};

export interface Ran {
  readonly ok: boolean;
  readonly output: string;
}

const node22 = 'node@22.23.3';
const limit = 60_000;

/** Fetches a manager, and a Node that all of them run on; false where the registry does not answer. Each is fetched once. */
export function isAvailable(manager: Manager): boolean {
  return toolOf(manager) !== undefined && releasedProgram(node22) !== undefined;
}

/** Runs a manager in a folder; registry, caches and settings are that of `home` alone. */
export async function run(manager: Manager, args: readonly string[], cwd: string, registry: string, home: string): Promise<Ran> {
  const program = toolOf(manager) ?? '';
  const node = releasedProgram(node22) ?? '';
  const [file, words] = /\.[cm]?js$/.test(program) ? [node, [program, ...args]] : [program, args];
  const env = { ...cleanEnvironment(), ...settings(registry, home, manager), PATH: `${dirname(node)}:${process.env.PATH}` };
  if (canReside(program) && (await succeedsResident(node, program, { cwd, args, env, registry }))) return { ok: true, output: '' };
  return new Promise((resolve) => {
    execFile(file, words, { cwd, env, maxBuffer: 1 << 26, timeout: limit, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      resolve({
        ok: error === null,
        output: `$ ${manager.id} ${args.join(' ')}\n${stdout}${stderr}${error?.killed ? '\nkilled after a minute' : ''}`,
      });
    });
  });
}

function canReside(program: string): boolean {
  return /\.[cm]?js$/.test(program);
}

/** What Stowage itself would install a written folder with, without npx. */
export function frozenInstall(manager: PackageManager, mode: 'deps' | 'prod'): readonly string[] {
  const words = adapterOf(manager.id).verifyCommand(manager, mode);
  const version = manager.id === 'yarn-classic' || manager.id === 'yarn-berry' ? 'yarn' : manager.id;
  return words.slice(words.indexOf(version) + 1);
}

/**
 * The same check of the lockfile without an install: whoever runs it compares the text afterwards, as berry, which is not frozen here,
 * writes what it would have refused. yarn 1 has no such check.
 */
export function frozenCheck(manager: PackageManager, mode: 'deps' | 'prod'): readonly string[] {
  const more: Readonly<Record<PackageManagerId, readonly string[]>> = {
    pnpm: ['--lockfile-only'],
    npm: ['--dry-run'],
    'yarn-classic': [],
    'yarn-berry': ['--mode=update-lockfile', '--no-immutable'],
    bun: ['--dry-run'],
  };
  const frozen = frozenInstall(manager, mode);
  return [...(manager.id === 'yarn-berry' ? ['install'] : frozen), ...more[manager.id]];
}

/** Writes the lockfile for what the manifests say; what is locked already stays. */
export function lockCommand({ id }: Manager): readonly string[] {
  const commands: Readonly<Record<PackageManagerId, readonly string[]>> = {
    pnpm: ['install', '--lockfile-only', '--no-frozen-lockfile', '--ignore-scripts'],
    npm: ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'],
    'yarn-classic': ['install', '--ignore-scripts', '--non-interactive', '--force'],
    'yarn-berry': ['install', '--mode=update-lockfile', '--no-immutable'],
    bun: ['install', '--lockfile-only', '--save-text-lockfile', '--ignore-scripts'],
  };
  return commands[id];
}

/** The manager's own program: no npx and no shell in between. */
function toolOf({ id, version }: Manager): string | undefined {
  const name = id === 'yarn-classic' ? 'yarn' : id === 'yarn-berry' ? '@yarnpkg/cli-dist' : id;
  const entries: Readonly<Record<PackageManagerId, readonly string[]>> = {
    pnpm: ['bin/pnpm.mjs', 'bin/pnpm.cjs', 'pnpm'],
    npm: ['bin/npm-cli.js'],
    'yarn-classic': ['bin/yarn.js'],
    'yarn-berry': ['bin/yarn.js'],
    bun: ['bin/bun.exe'],
  };
  const home = join(toolCache, `${name}@${version}`.replace('/', '+'), 'node_modules', name);
  const find = () => entries[id].map((entry) => join(home, entry)).find((path) => existsSync(path));
  const known = find();
  if (known !== undefined) return known;
  releasedProgram(`${name}@${version}`);
  return find();
}

/** Nothing of the machine's own settings reaches the manager. */
function cleanEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|yarn_|bun_|NODE_OPTIONS$)/i.test(name)));
}

function settings(registry: string, home: string, { id, version }: Manager): Record<string, string> {
  return {
    CI: '1',
    NO_COLOR: '1',
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    npm_config_registry: registry,
    npm_config_cache: join(home, 'npm'),
    npm_config_store_dir: join(home, 'store'),
    npm_config_cache_dir: join(home, 'pnpm'),
    npm_config_update_notifier: 'false',
    pnpm_config_registry: registry,
    pnpm_config_store_dir: join(home, 'store'),
    pnpm_config_cache_dir: join(home, 'pnpm'),
    pnpm_config_pm_on_fail: 'ignore',
    // yarn 3 refuses settings that it does not know
    ...(id === 'yarn-classic' ? { YARN_REGISTRY: registry } : {}),
    YARN_CACHE_FOLDER: join(home, 'yarn'),
    YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ''),
    YARN_GLOBAL_FOLDER: join(home, 'berry'),
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    YARN_ENABLE_TELEMETRY: '0',
    YARN_ENABLE_PROGRESS_BARS: '0',
    ...(id === 'yarn-berry' && major(version) >= 4 ? { YARN_ENABLE_HARDENED_MODE: '0', YARN_TASK_POOL_MODE: 'async' } : {}),
    YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
    BUN_CONFIG_REGISTRY: registry,
    BUN_INSTALL_CACHE_DIR: join(home, 'bun'),
    DO_NOT_TRACK: '1',
    NODE_COMPILE_CACHE: compileCache,
  };
}
