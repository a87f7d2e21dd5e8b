import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../../../packages/core/src/errors.ts';
import { pnpmWorkspace, pruneTo } from '../../kit/pnpm.ts';

const json = (value: unknown): string => JSON.stringify(value);
const hash = 'a'.repeat(64);

interface Given {
  readonly root?: object;
  readonly app?: object;
  /** Lines of the lockfile before `importers`. */
  readonly head?: string;
  /** The locked reference of the app's one dependency, with its entries. */
  readonly version?: string;
  readonly specifier?: string;
  readonly packages?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly pnpm?: string;
}

/** Prunes to an app that depends on `a`, beside another app. */
function prune(
  { root = {}, app = {}, head = '', version = '1.0.0', specifier = 'x', packages, files = {}, pnpm = '10.34.9' }: Given,
  mode: 'deps' | 'prod' = 'deps',
) {
  const key = version.startsWith('link:') ? undefined : `a@${version}`;
  const lock = [
    `lockfileVersion: '9.0'\n${head}\nimporters:\n\n  .: {}\n\n  apps/app:\n    dependencies:\n      a:\n        specifier: ${specifier}\n        version: ${version}\n\n  apps/other: {}\n`,
    key ? `packages:\n\n${packages ?? `  ${key.replace(/\(.*/, '')}:\n    resolution: {integrity: sha512-a==}\n`}\nsnapshots:\n\n  ${key}: {}\n` : '',
  ];
  const record = {
    'package.json': json({ name: 'root', ...root }),
    'apps/app/package.json': json({ name: 'app', dependencies: { a: 'x' }, ...app }),
    'apps/other/package.json': json({ name: 'other' }),
    'pnpm-lock.yaml': lock.filter((part) => part !== '').join('\n'),
    ...files,
  };
  return pruneTo(pnpmWorkspace(record, pnpm), 'apps/app', mode);
}

describe('pnpm-workspace.yaml', () => {
  const settings = (text: string, given: Given = {}) =>
    prune({ ...given, files: { 'pnpm-workspace.yaml': text, ...given.files } }).then(({ files }) => files['pnpm-workspace.yaml']);

  it('keeps every setting but loses comments and blank lines', async () => {
    const text = `# all\npackages:\n  - "apps/*" # apps\n\n  - '!x'\n\nminimumReleaseAge: 10080 # 7 days\nallowBuilds:\n  # why\n  a: true\n  'a@1.0.0 || 2': false\nversions: [1.10, "2"]\n# end\n`;
    expect(await settings(text)).toBe(
      `packages:\n  - "apps/*"\n  - '!x'\nminimumReleaseAge: 10080\nallowBuilds:\n  a: true\n  'a@1.0.0 || 2': false\nversions: [ 1.10, "2" ]\n`,
    );
  });

  it('is the same when it is narrowed again', async () => {
    const once = await settings(`packages: [apps/*]\ncatalog: {a: 1, b: 2}\nfoo: &x {y: "long text ${'x '.repeat(100)}"}\nbar: *x\n`);
    expect(await settings(once ?? '')).toBe(once);
  });

  it('keeps of catalogs what the app, overrides and packageExtensions use', async () => {
    const text = `packages: [apps/*]\ncatalog:\n  a: 1.0.0\n  b: 1.0.0\n  c: 1.0.0\ncatalogs:\n  x:\n    d: 1.0.0\n  y:\n    e: 1.0.0\n  z:\n    f: 1.0.0\noverrides:\n  app>b@^1: 'catalog:'\npackageExtensions:\n  q:\n    dependencies:\n      d: catalog:x\n`;
    const narrowed = await settings(text, {
      app: { peerDependencies: { e: 'catalog:y' }, dependencies: { a: 'catalog:' } },
      specifier: "'catalog:'",
      head: '\noverrides:\n  app>b@^1: 1.0.0\n',
    });
    expect(narrowed).toContain('catalog:\n  a: 1.0.0\n  b: 1.0.0\ncatalogs:\n  x:\n    d: 1.0.0\n  y:\n    e: 1.0.0\noverrides:');
  });

  it('loses what it says of packages that are not installed, but for patterns', async () => {
    const text = `allowBuilds:\n  a: true\n  b: true\n  '@b/c@1.0.0': false\n  github:x/y: true\nonlyBuiltDependencies: [b]\nminimumReleaseAgeExclude:\n  - '@b/*'\n  - b\n  - '!b'\n  - a@1.0.0 || 2.0.0\n`;
    expect(await settings(text)).toBe(
      `allowBuilds:\n  a: true\n  github:x/y: true\nonlyBuiltDependencies: []\nminimumReleaseAgeExclude:\n  - '@b/*'\n  - '!b'\n  - a@1.0.0 || 2.0.0\n`,
    );
  });

  it('loses the overrides that nothing installed can meet, as the lockfile does', async () => {
    const overrides = `overrides:\n  a: 1.0.0\n  b: 1.0.0\n  b>a: 1.0.0\n  a>b: 1.0.0\n  app>b: 1.0.0\n  c: '-'\n`;
    const kept = overrides.replace(/ {2}b(>a)?: 1\.0\.0\n/g, '');
    const { files, lockfile } = await prune({ head: `\n${overrides}`, files: { 'pnpm-workspace.yaml': overrides } });
    expect(files['pnpm-workspace.yaml']).toBe(kept);
    expect(lockfile).toContain(`\n\n${kept}\nimporters`);
    const hooked = await prune({ head: `\n${overrides}`, files: { 'pnpm-workspace.yaml': overrides, '.pnpmfile.cjs': '' } });
    expect(hooked.files['pnpm-workspace.yaml']).toBe(overrides);
    expect(hooked.lockfile).toContain(overrides);
  });

  it('loses the literal paths of other workspaces', async () => {
    expect(await settings('packages:\n  - apps/app\n  - ./apps/other/\n  - libs/*\n')).toBe('packages:\n  - apps/app\n  - libs/*\n');
  });

  it('that is empty stays empty, and one that is broken is told with its line', async () => {
    expect(await settings('')).toBe('');
    await expect(settings('packages:\n  - a\n b: [\n')).rejects.toMatchObject({
      code: ErrorCode.InvalidSettings,
      where: { file: 'pnpm-workspace.yaml', line: expect.any(Number) },
    });
  });

  it('loses branch lockfiles, which is told', async () => {
    const files = { 'pnpm-workspace.yaml': 'packages: [apps/*]\ngitBranchLockfile: true\n', 'pnpm-lock.feature!x.yaml': '' };
    const pruned = await prune({ files });
    expect(pruned.files['pnpm-workspace.yaml']).toBe('packages: [ apps/* ]\n');
    expect(pruned.install.diagnostics).toMatchObject([{ code: 'git-branch-lockfile', message: expect.stringContaining('pnpm-lock.feature!x.yaml') }]);
  });
});

describe('the root manifest', () => {
  const root = {
    packageManager: 'pnpm@10.34.9',
    engines: { node: '>=20', pnpm: '10' },
    resolutions: { z: '1' },
    pnpm: { onlyBuiltDependencies: ['a', 'b'], patchedDependencies: { 'a@1.0.0': 'p/a.patch', 'b@1.0.0': 'p/b.patch' }, overrides: { y: '$tool' } },
    devDependencies: { tool: '^3.0.0' },
  };
  const given: Given = {
    root,
    app: { peerDependencies: { y: '*' } },
    head: `\noverrides:\n  y: ^3.0.0\n  z: '1'\n\npatchedDependencies:\n  a@1.0.0:\n    hash: ${hash}\n    path: p/a.patch\n  b@1.0.0:\n    hash: ${'b'.repeat(64)}\n    path: p/b.patch\n`,
    version: `1.0.0(patch_hash=${hash})`,
    files: { 'p/a.patch': 'a', 'p/b.patch': 'b' },
  };
  const manifestOf = async (more: Given) =>
    JSON.parse((await prune({ ...given, ...more, root: { ...root, devDependencies: {} } }, 'prod')).files['package.json'] ?? '');

  it('keeps its settings for pnpm 10, narrowed', async () => {
    expect(await manifestOf({})).toEqual({
      name: 'root',
      packageManager: 'pnpm@10.34.9',
      pnpm: { onlyBuiltDependencies: ['a'], patchedDependencies: { 'a@1.0.0': 'p/a.patch' }, overrides: { y: '^3.0.0' } },
    });
  });

  it('loses them for pnpm 11, which does not read them', async () => {
    expect(await manifestOf({ pnpm: '11.28.11', head: given.head?.replace(/^\noverrides:\n.*\n.*\n/, '') ?? '' })).toEqual({
      name: 'root',
      packageManager: 'pnpm@10.34.9',
    });
  });

  it('has only the patches of what is kept beside it', async () => {
    const { files, lockfile } = await prune({ ...given, root: { ...root, devDependencies: {} } });
    expect(files).toMatchObject({ 'p/a.patch': 'p/a.patch' });
    expect(files).not.toHaveProperty(['p/b.patch']);
    expect(lockfile).toContain(`patchedDependencies:\n  a@1.0.0:\n    hash: ${hash}\n    path: p/a.patch\n\nimporters`);
  });

  it('names a patch that is missing', async () => {
    await expect(prune({ ...given, root: { ...root, devDependencies: {} }, files: {} })).rejects.toMatchObject({
      code: ErrorCode.MissingFile,
      where: { file: 'p/a.patch' },
    });
  });
});

describe('the rc file', () => {
  it('is left out once nothing of it may stay, and its tokens are told', async () => {
    const { files, install } = await prune({ files: { '.npmrc': '//npm.example/:_authToken=secret\n' } });
    expect(files).not.toHaveProperty(['.npmrc']);
    expect(install.diagnostics).toMatchObject([{ code: 'literal-credential', line: 1 }]);
  });
});

describe('manifests of workspaces', () => {
  it('keep of their fields what an install reads', async () => {
    const app = {
      dependencies: { a: 'x' },
      bin: 'cli.js',
      engines: { node: '20', runtime: { name: 'node', version: '22' } },
      devEngines: { packageManager: { name: 'pnpm' }, runtime: { name: 'node' } },
      directories: { bin: 'bin', doc: 'docs' },
      publishConfig: { access: 'public', directory: 'dist', linkDirectory: true },
      exports: './x.js',
    };
    const { files } = await prune({ app });
    expect(JSON.parse(files['apps/app/package.json'] ?? '')).toEqual({
      name: 'app',
      dependencies: { a: 'x' },
      bin: 'cli.js',
      engines: { runtime: { name: 'node', version: '22' } },
      devEngines: { runtime: { name: 'node' } },
      directories: { bin: 'bin' },
      publishConfig: { directory: 'dist', linkDirectory: true },
    });
  });
});

describe('local packages', () => {
  const tarball = {
    version: 'file:vendor/a.tgz',
    packages: '  a@file:vendor/a.tgz:\n    resolution: {integrity: sha512-a==, tarball: file:vendor/a.tgz}\n    version: 1.0.0\n',
  };
  const folder = { version: 'file:vendor/a', packages: '  a@file:vendor/a:\n    resolution: {directory: vendor/a, type: directory}\n' };

  it('bring their files', async () => {
    expect((await prune({ ...tarball, files: { 'vendor/a.tgz': '' } })).files).toMatchObject({ 'vendor/a.tgz': 'vendor/a.tgz' });
    const { files } = await prune({ ...folder, files: { 'vendor/a/package.json': '{}', 'vendor/a/lib/x.js': '', 'vendor/ab/y.js': '' } });
    expect(Object.keys(files).filter((path) => path.startsWith('vendor/'))).toEqual(['vendor/a/lib/x.js', 'vendor/a/package.json']);
    const linked = await prune({ version: 'link:../../vendor/a', files: { 'vendor/a/package.json': '{}', 'vendor/a/x.js': '' } });
    expect(Object.keys(linked.files).filter((path) => path.startsWith('vendor/'))).toEqual(['vendor/a/package.json']);
  });

  it('must be there, inside the repository', async () => {
    await expect(prune(tarball)).rejects.toMatchObject({ code: ErrorCode.MissingFile, where: { file: 'vendor/a.tgz' } });
    await expect(prune(folder)).rejects.toMatchObject({ code: ErrorCode.MissingFile, where: { file: 'vendor/a' } });
    await expect(prune({ version: 'link:../../../a' })).rejects.toMatchObject({ code: ErrorCode.LinkLeavesClosure, hint: expect.any(String) });
  });

  it('that are copies of a workspace bring its sources and what its program is loaded by', async () => {
    const given = {
      version: 'file:apps/other',
      packages: '  a@file:apps/other:\n    resolution: {directory: apps/other, type: directory}\n',
    };
    const manifest = { name: 'other', version: '1.2.0', main: 'lib/x.js', scripts: { postinstall: 'x' } };
    const { files, install } = await prune({ ...given, files: { 'apps/other/package.json': json(manifest), 'apps/other/lib/x.js': '' } });
    expect(files['apps/other/lib/x.js']).toBe('apps/other/lib/x.js');
    expect(JSON.parse(files['apps/other/package.json'] ?? '')).toEqual({ name: 'other', version: '1.2.0', main: 'lib/x.js' });
    expect(install.diagnostics).toEqual([]);
    const built = { ...manifest, scripts: { build: 'tsc' } };
    const told = (await prune({ ...given, files: { 'apps/other/package.json': json(built) } })).install.diagnostics;
    expect(told).toMatchObject([{ code: 'injected-workspace', message: expect.stringContaining('apps/other') }]);
  });
});

describe('pnpmfiles', () => {
  it('come with what they load by a relative path', async () => {
    const { files } = await prune({
      files: {
        '.npmrc': 'pnpmfile=./tools/hooks.cjs\n',
        'tools/hooks.cjs': "const { a } = require('./a');\nrequire(\"../config\");\nrequire('semver');\n",
        'tools/a.js': "module.exports = require('./data.json');",
        'tools/data.json': '{}',
        'config/index.js': '',
        '.pnpmfile.mjs': "import x from './x.mjs';\nexport const hooks = {};\n",
        'x.mjs': '',
        'unused.js': '',
      },
    });
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['.pnpmfile.mjs', 'config/index.js', 'tools/a.js', 'tools/data.json', 'tools/hooks.cjs', 'x.mjs']),
    );
    expect(files).not.toHaveProperty(['unused.js']);
  });
});
