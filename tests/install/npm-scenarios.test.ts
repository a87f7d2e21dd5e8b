import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PackPlan } from '@stowage/core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ExactNpm, exactNpm } from '../kit/npm.ts';
import { Repository } from '../kit/repository.ts';

const versions = ['10.9.9', '11.21.2', '12.2.0'] as const;
type Version = (typeof versions)[number];
type Json = Record<string, unknown>;
interface LockFile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Json>>;
  readonly dependencies?: Readonly<Record<string, Json>>;
}

const npms = new Map<Version, ExactNpm>();
const repositories: Repository[] = [];
beforeAll(() => {
  for (const version of versions) npms.set(version, exactNpm(version));
});
afterEach(() => {
  for (const repository of repositories.splice(0)) repository.remove();
});

/** A monorepo of these manifests (by folder, `.` the root) and other files, with the lockfile that this npm writes for it. */
async function lockedRepository(
  version: Version,
  manifests: Readonly<Record<string, Json>>,
  files: Readonly<Record<string, string>> = {},
  tarballs: Readonly<Record<string, Buffer>> = {},
) {
  const npm = npms.get(version) as ExactNpm;
  const texts = Object.entries(manifests).map(([folder, manifest]): [string, string] => {
    const root = folder === '.' ? { name: 'root', private: true, workspaces: ['apps/*', 'libs/*'], packageManager: `npm@${version}` } : {};
    return [join(folder, 'package.json'), `${JSON.stringify({ ...root, ...manifest }, null, 2)}\n`];
  });
  const repository = Repository.of({
    '.gitignore': 'node_modules\n',
    'apps/app/index.js': 'console.log(1);\n',
    ...Object.fromEntries(texts),
    ...files,
  });
  repositories.push(repository);
  for (const [path, tarball] of Object.entries(tarballs)) writeFileSync(join(repository.folder, path), tarball);
  await succeed(npm, repository.folder, 'install', '--package-lock-only', '--ignore-scripts');
  repository.commit('lock');
  return { npm, repository };
}

interface Acceptance {
  readonly file?: string;
  /** Whether `npm ls` is asked too. With install-links it refuses what `npm ci` has just installed. */
  readonly lists?: boolean;
}

/** Packs the app, and has npm itself say that each install is whole: rewriting the lockfile changes no byte, `npm ci` and `npm ls` are content. */
async function packAccepted(npm: ExactNpm, repository: Repository, { file = 'package-lock.json', lists = true }: Acceptance = {}) {
  const { plan, folder } = await repository.pack('apps/app');
  const accept = async (mode: 'deps' | 'prod'): Promise<string> => {
    const at = join(folder, mode);
    const text = readFileSync(join(at, file), 'utf8');
    await succeed(npm, at, 'install', '--package-lock-only', '--ignore-scripts');
    expect(readFileSync(join(at, file), 'utf8'), `${mode} is rewritten`).toBe(text);
    await succeed(npm, at, 'ci', '--ignore-scripts', ...(mode === 'prod' ? ['--omit=dev'] : []));
    // With --omit=dev, npm ls misses the devDependencies of folders, which npm ci left out.
    if (lists && mode === 'deps') await succeed(npm, at, 'ls', '--all');
    return text;
  };
  const [deps, prod] = await Promise.all([accept('deps'), accept('prod')]);
  const parse = (text: string): LockFile => JSON.parse(text) as LockFile;
  return { plan, folder, texts: { deps, prod }, deps: parse(deps), prod: parse(prod) };
}

async function succeed(npm: ExactNpm, folder: string, ...args: string[]): Promise<void> {
  const { status, output } = await npm.run(folder, ...args);
  expect(status, `npm ${args.join(' ')}: ${output}`).toBe(0);
}

const app = (fields: Json): Json => ({ name: '@t/app', version: '1.0.0', scripts: { start: 'node index.js' }, ...fields });
const built = (plan: PackPlan) => plan.closure.build;

describe.each(versions)('npm %s', (version) => {
  it('keeps peers that anyone provides, and lets optional peers of others go', async () => {
    const { npm, repository } = await lockedRepository(version, {
      '.': { dependencies: { react: '18.2.0' } },
      'apps/app': app({ dependencies: { 'react-dom': '18.2.0', ws: '8.18.0' }, peerDependencies: { '@t/peer': '*' } }),
      'libs/peer': { name: '@t/peer', version: '1.0.0', peerDependencies: { 'is-number': '7.0.0' } },
      'libs/other': { name: '@t/other', version: '1.0.0', dependencies: { bufferutil: '4.0.8' } },
    });
    const { plan, deps } = await packAccepted(npm, repository);
    expect(built(plan)).toEqual(['apps/app', 'libs/peer']);
    expect(deps.packages).toHaveProperty(['node_modules/is-number']);
    expect(Object.keys(deps.packages).filter((location) => /bufferutil|other/.test(location))).toEqual([]);
  });

  it('computes the flags of what stays', async () => {
    const { npm, repository } = await lockedRepository(version, {
      '.': { devDependencies: { 'left-pad': '1.3.0' } },
      'apps/app': app({
        dependencies: { 'is-number': '7.0.0', wrappy: '1.0.2', 'is-odd': '3.0.1' },
        optionalDependencies: { once: '1.4.0', chokidar: '3.6.0' },
        devDependencies: { 'is-number': '7.0.0', inflight: '1.0.6', ms: '2.1.3' },
      }),
      'libs/other': { name: '@t/other', version: '1.0.0', dependencies: { ms: '^2.1.0', 'is-number': '3.0.0', 'left-pad': '1.3.0' } },
    });
    const whole = JSON.parse(repository.read('package-lock.json')) as LockFile;
    expect(whole.packages['node_modules/ms']).not.toHaveProperty('dev');
    const { deps, prod } = await packAccepted(npm, repository);
    expect(deps.packages['node_modules/ms']).toMatchObject({ dev: true });
    expect(deps.packages['node_modules/left-pad']).toMatchObject({ dev: true });
    expect(prod.packages['node_modules/ms']).toBeUndefined();
    expect(prod.packages['node_modules/once']).toMatchObject({ optional: true });
    expect(prod.packages['node_modules/is-number']).not.toHaveProperty('dev');
    expect(deps.packages).toHaveProperty(['node_modules/fsevents']);
  });

  it('follows workspaces however they are named, linked and nested', async () => {
    const { npm, repository } = await lockedRepository(version, {
      '.': {
        workspaces: [
          'apps/*',
          './libs/a',
          'libs/b',
          'libs/c',
          'libs/d',
          'libs/other',
          'libs/2',
          'libs/ms',
          'libs/nameless',
          'libs/host',
          'libs/host/inner',
        ],
        dependencies: { '@t/other': '*', wrappy: '1.0.2' },
      },
      'apps/app': app({ dependencies: { '@t/a': '^1.2.0', '2': '*', ms: '2.1.3', '@t/inner': '*' }, devDependencies: { nameless: '*' } }),
      'libs/a': { name: '@t/a', version: '1.5.0', dependencies: { '@t/b': '*', '@t/a': '*' } },
      'libs/b': { name: '@t/b', version: '0.1.0', dependencies: { '@t/a': '>=1.0.0' }, devDependencies: { '@t/c': '' } },
      'libs/c': { name: '@t/c' },
      'libs/d': { name: '@t/d', version: '1.0.0' },
      'libs/2': { name: '2', version: '2.0.0', dependencies: { once: '^1.4.0' } },
      'libs/ms': { name: 'ms', version: '9.0.0' },
      'libs/nameless': { dependencies: { 'is-number': '7.0.0' } },
      'libs/other': { name: '@t/other', version: '1.0.0', dependencies: { '@t/d': '*', 'left-pad': '1.3.0' } },
      'libs/host': { name: '@t/host', version: '1.0.0', dependencies: { 'is-number': '6.0.0' } },
      'libs/host/inner': { name: '@t/inner', version: '1.0.0', dependencies: { 'is-number': '6.0.0' } },
    });
    const { plan, deps, prod, folder } = await packAccepted(npm, repository);
    expect(built(plan).filter((id) => !id.startsWith('libs/host'))).toEqual(['apps/app', 'libs/2', 'libs/a', 'libs/b', 'libs/c', 'libs/nameless']);
    expect(deps.packages['apps/app/node_modules/ms']).toMatchObject({ version: '2.1.3' });
    expect(deps.packages).not.toHaveProperty(['node_modules/left-pad']);
    expect(prod.packages).not.toHaveProperty(['libs/c']);
    const root = JSON.parse(readFileSync(join(folder, 'deps/package.json'), 'utf8'));
    expect(root.workspaces).not.toContain('libs/other');
    expect(root.workspaces).toContain('./libs/a');
    expect(root.dependencies).toEqual({ wrappy: '1.0.2' });
  });

  it('takes folders, tarballs, aliases and bundled packages along', async () => {
    const npm = npms.get(version) as ExactNpm;
    const remote = execFileSync('npm', ['view', 'ms@2.1.2', 'dist.tarball'], { encoding: 'utf8' }).trim();
    const { repository } = await lockedRepository(
      version,
      {
        '.': {},
        'apps/app': app({
          dependencies: { tool: 'file:../../vendor/tool', bundler: 'file:../../vendor/bundler.tgz', other: 'npm:once@1.4.0', ms: remote },
          devDependencies: { wrappy: 'npm:is-number@7.0.0' },
        }),
        'libs/other': { name: '@t/other', dependencies: { unused: 'file:../../vendor/unused' } },
        'vendor/tool': { name: 'tool', version: '1.0.0', dependencies: { 'is-odd': '3.0.1' }, devDependencies: { 'left-pad': '1.3.0' } },
        'vendor/unused': { name: 'unused', version: '1.0.0' },
      },
      { '.npmrc': 'allow-remote=all\n', 'vendor/tool/lib/index.js': 'module.exports = 1;\n' },
      { 'vendor/bundler.tgz': await bundlingTarball(npm) },
    );
    const { folder, deps } = await packAccepted(npm, repository);
    expect(existsSync(join(folder, 'prod/vendor/tool/lib/index.js'))).toBe(true);
    expect(existsSync(join(folder, 'prod/vendor/bundler.tgz'))).toBe(true);
    expect(existsSync(join(folder, 'deps/vendor/unused'))).toBe(false);
    expect(Object.entries(deps.packages).filter(([, { inBundle }]) => inBundle === true)).toHaveLength(1);
  });

  it('takes along folders that install-links copies', async () => {
    const { npm, repository } = await lockedRepository(
      version,
      {
        '.': { dependencies: { top: 'file:vendor/top' }, devDependencies: { checker: 'file:vendor/checker' } },
        'apps/app': app({ dependencies: { tool: 'file:../../vendor/tool', '@t/lib': 'file:../../libs/lib' } }),
        'libs/lib': { name: '@t/lib', version: '1.0.0' },
        'libs/other': { name: '@t/other', dependencies: { unused: 'file:../../vendor/unused' } },
        'vendor/top': { name: 'top', version: '1.0.0', dependencies: { 'is-odd': '3.0.1' }, devDependencies: { 'left-pad': '1.3.0' } },
        'vendor/checker': { name: 'checker', version: '1.0.0', dependencies: { ms: '2.1.3' } },
        'vendor/tool': { name: 'tool', version: '1.0.0', dependencies: { once: '1.4.0' } },
        'vendor/unused': { name: 'unused', version: '1.0.0', dependencies: { inherits: '2.0.4' } },
      },
      { '.npmrc': 'install-links=true\n', 'vendor/top/lib/index.js': 'module.exports = 1;\n' },
    );
    const { folder, deps, prod } = await packAccepted(npm, repository, { lists: false });
    expect(deps.packages['node_modules/top']).toMatchObject({ version: '1.0.0', resolved: 'file:vendor/top' });
    // npm 10 copies those of workspaces too
    expect(deps.packages['node_modules/tool']?.link ?? false).toBe(version !== '10.9.9');
    expect(Object.keys(deps.packages).filter((location) => /left-pad|unused|inherits/.test(location))).toEqual([]);
    expect(Object.keys(prod.packages).filter((location) => /checker|\/ms$/.test(location))).toEqual([]);
    expect(existsSync(join(folder, 'prod/node_modules/top/lib/index.js'))).toBe(true);
    expect(lstatSync(join(folder, 'prod/node_modules/top')).isSymbolicLink()).toBe(false);
    expect(existsSync(join(folder, 'prod/vendor/checker'))).toBe(false);
  });

  it('leaves what overrides changed as it is', async () => {
    const { npm, repository } = await lockedRepository(version, {
      '.': {
        dependencies: { wrappy: '1.0.1', 'is-odd': '3.0.1' },
        devDependencies: { 'is-number': '5.0.0' },
        overrides: { wrappy: '$wrappy', 'is-odd': { 'is-number': '4.0.0' }, 'ms@2': '2.0.0' },
      },
      'apps/app': app({ dependencies: { once: '1.4.0', debug: '4.3.4', 'is-even': '1.0.0' } }),
      'libs/other': { name: '@t/other', dependencies: { inflight: '1.0.6' } },
    });
    const { deps } = await packAccepted(npm, repository);
    expect(deps.packages['node_modules/wrappy']).toMatchObject({ version: '1.0.1' });
    expect(deps.packages['node_modules/ms']).toMatchObject({ version: '2.0.0' });
    expect(Object.values(deps.packages).map(({ version }) => version)).toContain('4.0.0');
  });
});

describe('layout and formats', () => {
  it.each([
    ['nested', '10.9.9'],
    ['shallow', '11.21.2'],
    ['linked', '12.2.0'],
  ] as const)('keeps the layout of install-strategy=%s, npm %s', async (strategy, version) => {
    const { npm, repository } = await lockedRepository(
      version,
      {
        '.': { devDependencies: { inflight: '1.0.6' } },
        'apps/app': app({ dependencies: { once: '1.4.0', '@t/lib': '*' } }),
        'libs/lib': { name: '@t/lib', version: '1.0.0', dependencies: { debug: '4.3.4', once: '1.4.0' } },
        'libs/other': { name: '@t/other', version: '1.0.0', dependencies: { debug: '4.3.4' } },
      },
      { '.npmrc': `install-strategy=${strategy}\n` },
    );
    const { folder } = await packAccepted(npm, repository);
    expect(readFileSync(join(folder, 'deps/.npmrc'), 'utf8')).toBe(`install-strategy=${strategy}\n`);
  });

  it('changes no byte for an edit that no install reads, or one in a dropped workspace', async () => {
    const { npm, repository } = await lockedRepository('11.21.2', {
      '.': {},
      'apps/app': app({ license: 'MIT', dependencies: { '@t/lib': '^1.2.0', once: '1.4.0' } }),
      'libs/lib': { name: '@t/lib', version: '1.4.0', license: 'MIT', dependencies: { ms: '2.1.3' } },
      'libs/other': { name: '@t/other', version: '1.0.0', dependencies: { 'left-pad': '1.3.0' } },
    });
    const before = await packAccepted(npm, repository);
    repository.edit('libs/lib/package.json', (text) =>
      text.replace('"1.4.0"', '"1.9.0"').replace('"MIT"', '"ISC"').replace('{', '{ "exports": "./x.js",'),
    );
    repository.edit('apps/app/package.json', (text) => text.replace('node index.js', 'node ./index.js').replace('"1.0.0"', '"1.1.0"'));
    repository.edit('libs/other/package.json', (text) => text.replace('"left-pad": "1.3.0"', '"is-number": "7.0.0"'));
    await succeed(npm, repository.folder, 'install', '--package-lock-only', '--ignore-scripts');
    const after = await packAccepted(npm, repository);
    expect(after.texts).toEqual(before.texts);
    expect([after.plan.identities.deps, after.plan.identities.prod]).toEqual([before.plan.identities.deps, before.plan.identities.prod]);
  });

  it.each(['10.9.9', '12.2.0'] as const)('prunes the tree that lockfileVersion 2 keeps for npm 6 as npm %s does', async (version) => {
    const { npm, repository } = await lockedRepository(
      version,
      {
        '.': { devDependencies: { inflight: '1.0.6' }, dependencies: { '@t/other': '*' } },
        'apps/app': app({ dependencies: { '@t/lib': '*', once: '1.3.0' }, devDependencies: { ms: '2.1.3' } }),
        'libs/lib': {
          name: '@t/lib',
          version: '1.0.0',
          dependencies: { debug: '4.3.4', 'is-number': '7.0.0' },
          devDependencies: { 'left-pad': '1.3.0' },
        },
        'libs/other': { name: '@t/other', version: '1.0.0', dependencies: { ms: '2.1.3', 'is-number': '6.0.0' } },
      },
      { '.npmrc': 'lockfile-version=2\n' },
    );
    const { deps, prod } = await packAccepted(npm, repository);
    expect(deps.lockfileVersion).toBe(2);
    expect(Object.keys(prod.dependencies ?? {})).not.toContain('@t/other');
  });

  it('keeps indent, newlines and the missing final newline', async () => {
    const { npm, repository } = await lockedRepository('11.21.2', {
      '.': {},
      'apps/app': app({ dependencies: { once: '1.4.0' }, devDependencies: { ms: '2.1.3' } }),
    });
    repository.edit('package-lock.json', (text) =>
      text
        .replace(/^ +/gm, (blanks) => '\t'.repeat(blanks.length / 2))
        .trimEnd()
        .replaceAll('\n', '\r\n'),
    );
    const { folder } = await repository.pack('apps/app');
    const text = readFileSync(join(folder, 'prod/package-lock.json'), 'utf8');
    expect(text.replaceAll('\r\n', '').includes('\n')).toBe(false);
    expect(text.endsWith('}')).toBe(true);
    expect(text).toContain('\r\n\t\t"node_modules/once": {\r\n\t\t\t"version"');
    await succeed(npm, join(folder, 'prod'), 'ci', '--ignore-scripts');
  });

  it.each(['10.9.9', '11.21.2'] as const)('reads the npm-shrinkwrap.json of npm %s', async (version) => {
    const { npm, repository } = await lockedRepository(version, {
      '.': {},
      'apps/app': app({ dependencies: { once: '1.4.0' }, devDependencies: { ms: '2.1.3' } }),
    });
    renameSync(join(repository.folder, 'package-lock.json'), join(repository.folder, 'npm-shrinkwrap.json'));
    const { prod } = await packAccepted(npm, repository, { file: 'npm-shrinkwrap.json' });
    expect(prod.packages).not.toHaveProperty(['node_modules/ms']);
  });

  it('carries the patches and extensions of npm 12', async () => {
    const patch =
      '--- a/wrappy.js\n+++ b/wrappy.js\n@@ -1,3 +1,4 @@\n+// patched\n // Returns a wrapper function that returns a wrapped callback\n // The wrapper function should do some stuff, and return a\n // presumably different callback function.\n';
    const { npm, repository } = await lockedRepository(
      '12.2.0',
      {
        '.': {
          patchedDependencies: { 'wrappy@1.0.2': 'patches/wrappy.patch', 'once@1': 'patches/once.patch' },
          packageExtensions: { 'is-odd': { dependencies: { 'left-pad': '1.3.0' } } },
        },
        'apps/app': app({ dependencies: { wrappy: '1.0.2', 'is-odd': '3.0.1' } }),
        'libs/other': { name: '@t/other', dependencies: { once: '1.4.0' } },
      },
      {
        'patches/wrappy.patch': patch,
        'patches/once.patch': '--- /dev/null\n+++ b/new.js\n@@ -0,0 +1 @@\n+1\n',
        '.npm-extension.cjs': 'exports.transformManifest = (manifest) => manifest;\n',
      },
    );
    const { deps, folder } = await packAccepted(npm, repository);
    expect(deps.lockfileVersion).toBe(4);
    expect(deps.packages).toHaveProperty(['node_modules/left-pad']);
    expect(readFileSync(join(folder, 'deps/node_modules/wrappy/wrappy.js'), 'utf8')).toContain('// patched');
    expect(existsSync(join(folder, 'deps/patches/once.patch'))).toBe(false);
  });
});

/** A tarball of a package that brings another in its own `node_modules`. */
async function bundlingTarball(npm: ExactNpm): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-test-'));
  try {
    const manifest = (fields: Json) => JSON.stringify({ version: '1.0.0', ...fields });
    mkdirSync(join(folder, 'node_modules/bundled'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), manifest({ name: 'bundler', dependencies: { bundled: '1.0.0' }, bundleDependencies: ['bundled'] }));
    writeFileSync(join(folder, 'node_modules/bundled/package.json'), manifest({ name: 'bundled' }));
    await succeed(npm, folder, 'pack');
    return readFileSync(join(folder, 'bundler-1.0.0.tgz'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
