import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect } from 'vitest';
import { runPnpm } from './pnpm.ts';
import { Repository } from './repository.ts';

export type Json = Record<string, unknown>;
/** A monorepo whose lockfile a real pnpm writes. */
export interface Scenario {
  /** Manifests by folder; the root's `private` and `packageManager`, and the members' version, are added. */
  readonly manifests: Readonly<Record<string, Json>>;
  /** Lines of pnpm-workspace.yaml besides `packages`; for pnpm 9 and 10 `.npmrc` and the manifest's `pnpm` field hold settings. */
  readonly settings?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Paths of tarballs, each of a package named after its file. */
  readonly tarballs?: readonly string[];
  /** Install what is packed, too. */
  readonly full?: boolean;
}

export const repositories: Repository[] = [];
const copies: string[] = [];
/** Removes what the scenarios made: to be called after each test. */
export function removeScenarios(): void {
  for (const repository of repositories.splice(0)) repository.remove();
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true, force: true });
}

/** A patch that adds a file. */
export const patch = (file: string): string =>
  `diff --git a/${file} b/${file}\nnew file mode 100644\nindex 0000000..e69de29\n--- /dev/null\n+++ b/${file}\n@@ -0,0 +1 @@\n+patched\n`;

function writeTarball(path: string): void {
  const staging = mkdtempSync(join(tmpdir(), 'stowage-tarball-'));
  copies.push(staging);
  mkdirSync(join(staging, 'package'));
  writeFileSync(join(staging, 'package/package.json'), JSON.stringify({ name: basename(path, '.tgz'), version: '1.0.0' }));
  mkdirSync(dirname(path), { recursive: true });
  execFileSync('tar', ['-czf', path, '-C', staging, 'package']);
}

/** Makes monorepos with an exact pnpm and has it judge what becomes of them. */
export function scenarioKit(version: string) {
  const major = Number(version.split('.')[0]);

  async function locked({ manifests, settings = '', files = {}, tarballs = [] }: Scenario): Promise<Repository> {
    const texts = Object.entries(manifests).map(([folder, manifest]) => {
      const base = folder === '.' ? { name: 'root', private: true, packageManager: `pnpm@${version}` } : { version: '1.0.0' };
      return [join(folder, 'package.json'), `${JSON.stringify({ ...base, ...manifest }, null, 2)}\n`];
    });
    const repository = Repository.of({
      '.gitignore': 'node_modules\n',
      'apps/app/index.js': 'console.log(1);\n',
      'pnpm-workspace.yaml': `packages:\n  - apps/*\n  - libs/*\n${settings}`,
      ...Object.fromEntries(texts),
      ...files,
    });
    repositories.push(repository);
    for (const path of tarballs) writeTarball(join(repository.folder, path));
    const result = await runPnpm(version, repository.folder, 'install', '--lockfile-only', '--no-frozen-lockfile', '--ignore-scripts');
    expect(result.status, result.output).toBe(0);
    repository.commit('lock');
    return repository;
  }

  /** Packs the app and has pnpm itself accept both lockfiles: a frozen run that writes the lockfile anew changes no byte, and installs. */
  async function packAccepted(repository: Repository, full = false) {
    const { plan, folder } = await repository.pack('apps/app');
    const texts: Record<'deps' | 'prod', string> = { deps: '', prod: '' };
    const installs: Record<'deps' | 'prod', string> = { deps: '', prod: '' };
    for (const mode of ['deps', 'prod'] as const) {
      const copy = mkdtempSync(join(tmpdir(), 'stowage-pnpm-'));
      copies.push(copy);
      installs[mode] = copy;
      cpSync(join(folder, mode), copy, { recursive: true });
      texts[mode] = readFileSync(join(copy, 'pnpm-lock.yaml'), 'utf8');
      const checked = await runPnpm(version, copy, 'install', '--frozen-lockfile', '--lockfile-only');
      expect(checked.status, `${mode}: ${checked.output}`).toBe(0);
      expect(readFileSync(join(copy, 'pnpm-lock.yaml'), 'utf8'), `${mode} is rewritten`).toBe(texts[mode]);
      if (!full) continue;
      const production = mode === 'prod' ? ['--prod'] : [];
      const installed = await runPnpm(version, copy, 'install', '--frozen-lockfile', '--ignore-scripts', ...production);
      expect(installed.status, `${mode}: ${installed.output}`).toBe(0);
    }
    return { plan, folder, ...texts, installs, file: (path: string) => readFileSync(join(folder, path), 'utf8') };
  }

  async function scenario(given: Scenario) {
    const repository = await locked(given);
    return { repository, ...(await packAccepted(repository, given.full)) };
  }

  const yaml = (settings: Json): string =>
    Object.entries(settings)
      .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
      .join('');

  /** Settings of the workspace in the place where this pnpm reads them. */
  const settingsIn = (settings: Json): Pick<Scenario, 'settings'> & { readonly root: Json } =>
    major >= 11 ? { settings: yaml(settings), root: {} } : { root: { pnpm: settings } };

  return { locked, packAccepted, scenario, settingsIn };
}

/** The manifest of the app that is packed. */
export const app = (fields: Json): Json => ({ name: '@t/app', scripts: { start: 'node index.js' }, ...fields });

/** A copied folder, a tarball, an injected workspace with a program, and a workspace of which a folder is linked. */
export const localPackages: Scenario = {
  full: true,
  tarballs: ['vendor/packed.tgz'],
  manifests: {
    '.': {},
    'apps/app': app({
      dependencies: {
        folder: 'file:../../vendor/folder',
        packed: 'file:../../vendor/packed.tgz',
        '@t/injected': 'workspace:*',
        '@t/built': 'workspace:*',
        react: '18.2.0',
      },
      dependenciesMeta: { '@t/injected': { injected: true } },
    }),
    'libs/injected': {
      name: '@t/injected',
      main: 'lib/index.js',
      dependencies: { once: '1.4.0' },
      peerDependencies: { react: '*' },
      devDependencies: { react: '17.0.2' },
    },
    'libs/built': { name: '@t/built', publishConfig: { directory: 'dist', linkDirectory: true }, dependencies: { ms: '2.1.3' } },
  },
  files: {
    'vendor/folder/package.json': '{"name":"folder","version":"1.0.0","dependencies":{"is-number":"7.0.0"}}\n',
    'vendor/folder/index.js': '\n',
    'libs/built/dist/package.json': '{"name":"@t/built","version":"1.0.0"}\n',
    'libs/injected/lib/index.js': "module.exports = 'injected';\n",
  },
};
