import { app, expectThat, json, lib, patch, root } from './scenario-files.ts';

/** A small monorepo whose app is called `app`; bun itself makes the lockfile, and judges what is left of it. */
export interface Scenario {
  readonly name: string;
  /** First release of bun that knows the feature. */
  readonly since?: string;
  readonly files: Readonly<Record<string, string>>;
  /** First release whose result depends on the manifests alone: older ones keep what once provided an optional peer, until something else changes. */
  readonly settledSince?: string;
  /** Programs to run before the install: to make a tarball. */
  readonly prepare?: readonly (readonly string[])[];
  /** What more must hold of the written folder. */
  readonly check?: (read: (path: string) => string) => void;
  /** What more must hold of the installed `deps`. */
  readonly installed?: (version: (path: string) => string | undefined) => void;
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'the top place was that of a dropped workspace',
    files: {
      'package.json': root(),
      'packages/a/package.json': lib('a', { dependencies: { ms: '^1.0.0' } }),
      'packages/app/package.json': app({ dependencies: { ms: '^2.0.0' } }),
    },
    check: (read) => expectThat(/^ {4}"ms": \["ms@2/m.test(read('deps/bun.lock')), 'the nested copy is not promoted'),
  },
  {
    name: 'places two deep, and three versions of one package',
    files: {
      'package.json': root({ dependencies: { ms: '2.0.0' } }),
      'packages/a/package.json': lib('a', { dependencies: { ms: '1.0.0', once: '^1.3.0', wrappy: '1.0.0' } }),
      'packages/app/package.json': app({ dependencies: { debug: '4.3.4', ms: '0.7.0', b: 'workspace:*', inflight: '^1.0.6' } }),
      'packages/b/package.json': lib('b', { dependencies: { debug: '3.2.7', 'readable-stream': '2.3.8', wrappy: '1.0.1' } }),
      'packages/c/package.json': lib('c', { dependencies: { 'readable-stream': '3.6.2', 'safe-buffer': '5.2.1', debug: '2.6.9' } }),
    },
  },
  {
    name: 'trustedDependencies: many, of which some stay',
    files: {
      'package.json': root({ trustedDependencies: ['ms', 'once', 'wrappy', 'inherits', 'depd', 'not-there', '@types/ms', 'debug', 'esbuild'] }),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0', depd: '^2.0.0', '@types/ms': '0.7.31' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^2.0.0', inherits: '^2.0.0', debug: '^4.0.0' } }),
    },
    check: (read) => {
      const { trustedDependencies } = JSON.parse(read('deps/package.json'));
      expectThat(
        ['once', 'depd', '@types/ms'].every((name) => trustedDependencies.includes(name)),
        "the manifest's list lacks what is there",
      );
    },
  },
  {
    name: 'patches: of one of two versions, of a dropped package, and several at once',
    files: {
      'package.json': root({
        patchedDependencies: {
          'ms@2.1.3': 'patches/a.patch',
          'once@1.4.0': 'patches/b.patch',
          'wrappy@1.0.2': 'patches/c.patch',
          'depd@2.0.0': 'patches/d.patch',
          'inherits@2.0.4': 'patches/e.patch',
        },
      }),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0', ms: '2.1.3', inherits: '^2.0.4' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^1.0.0', depd: '^2.0.0' } }),
      'patches/a.patch': patch('added'),
      'patches/b.patch': patch('added'),
      'patches/c.patch': patch('added'),
      'patches/d.patch': patch('added'),
      'patches/e.patch': patch('added'),
    },
    check: (read) => {
      expectThat(read('deps/patches/a.patch') === patch('added'), 'a patch is not copied');
      expectThat(
        !read('deps/package.json').includes('d.patch') && !read('deps/bun.lock').includes('d.patch'),
        'the patch of a dropped package stays',
      );
    },
  },
  {
    name: 'overrides, also of what is gone, and resolutions',
    files: {
      'package.json': root({ overrides: { wrappy: '1.0.1', ms: '2.0.0' }, resolutions: { inherits: '2.0.3' } }),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0', inherits: '^2.0.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { debug: '^4.0.0' } }),
    },
  },
  {
    name: 'overrides below a parent',
    since: '1.4.0',
    files: {
      'package.json': root({ overrides: { once: { wrappy: '1.0.1' }, debug: { ms: '2.0.0' } } }),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0', inflight: '^1.0.6' } }),
      'packages/other/package.json': lib('other', { dependencies: { debug: '^4.0.0' } }),
    },
  },
  {
    name: 'catalogs: the unnamed and named ones, of which dropped workspaces use a part',
    since: '1.2.14',
    files: {
      'package.json': root({
        workspaces: {
          packages: ['packages/*'],
          catalog: { ms: '^2.0.0', once: '^1.4.0' },
          catalogs: { old: { ms: '^1.0.0', depd: '^1.0.0' }, gone: { depd: '^2.0.0' } },
        },
      }),
      'packages/app/package.json': app({ dependencies: { ms: 'catalog:', lib: 'workspace:^' } }),
      'packages/lib/package.json': lib('lib', { dependencies: { ms: 'catalog:old' }, devDependencies: { depd: 'catalog:old' } }),
      'packages/other/package.json': lib('other', { dependencies: { once: 'catalog:', depd: 'catalog:gone' } }),
    },
    check: (read) => {
      const { workspaces } = JSON.parse(read('deps/package.json'));
      expectThat(workspaces.catalog.once === undefined && workspaces.catalogs.gone === undefined, 'a catalog entry of others stays');
    },
  },
  {
    name: 'peers: of the root, of a dropped workspace, optional ones, and of the app itself',
    settledSince: '1.4.0',
    files: {
      'package.json': root({ dependencies: { 'use-sync-external-store': '1.2.0' } }),
      'packages/app/package.json': app({ dependencies: { react: '18.2.0', swr: '2.2.4', lib: '*' }, devDependencies: { zustand: '4.4.7' } }),
      'packages/lib/package.json': lib('lib', { peerDependencies: { react: '>=17', ms: '*' }, peerDependenciesMeta: { ms: { optional: true } } }),
      'packages/other/package.json': lib('other', { dependencies: { immer: '9.0.21', ms: '^2.0.0', react: '17.0.2' } }),
    },
  },
  {
    name: 'a workspace in several ways, a cycle, and the registry where the range asks for another version',
    files: {
      'package.json': root({ devDependencies: { tool: 'workspace:*' } }),
      'packages/app/package.json': app({ dependencies: { a: 'workspace:^1.0.0', b: '^1.0.0', wrappy: '^1.0.0' }, devDependencies: { dev: '*' } }),
      'packages/a/package.json': lib('a', { version: '1.4.0', dependencies: { b: 'workspace:~' } }),
      'packages/b/package.json': lib('b', { version: '1.5.0', dependencies: { a: '*' }, peerDependencies: { peer: 'workspace:*' } }),
      'packages/dev/package.json': lib('dev', { dependencies: { once: '^1.3.0' } }),
      'packages/peer/package.json': lib('peer', { dependencies: { inherits: '^2.0.0' } }),
      'packages/tool/package.json': lib('tool', { dependencies: { depd: '^2.0.0' } }),
      'packages/wrappy/package.json': lib('wrappy', { version: '7.0.0' }),
    },
    check: (read) => {
      expectThat(!read('prod/bun.lock').includes('once@'), 'a development dependency stays');
      expectThat(!read('deps/bun.lock').includes('depd@'), "the root's tool stays");
    },
  },
  {
    name: 'a package of the registry that a workspace stands in for',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0' } }),
      'packages/wrappy/package.json': lib('wrappy', { version: '1.5.0', dependencies: { inherits: '^2.0.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^2.0.0' } }),
    },
  },
  {
    name: 'aliases, and names like keys of the format and like numbers',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({
        dependencies: {
          ms: 'npm:once@^1.3.0',
          ms1: 'npm:ms@^1.0.0',
          name: 'npm:ms@2.0.0',
          packages: 'npm:depd@2.0.0',
          2: 'npm:wrappy@1.0.1',
          inherits: '>=2.0.0 <3.0.0',
        },
      }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^2.0.0', 7: 'npm:wrappy@1.0.1', 10: 'npm:wrappy@1.0.0' } }),
    },
  },
  {
    name: 'a name in several maps, and optional packages for other platforms',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({
        dependencies: { chokidar: '3.5.3', ms: '^2.0.0' },
        devDependencies: { ms: '2.1.3' },
        optionalDependencies: { esbuild: '0.19.12' },
        peerDependencies: { ms: '*' },
      }),
      'packages/other/package.json': lib('other', { optionalDependencies: { fsevents: '~2.3.2' } }),
    },
    check: (read) => expectThat(read('prod/bun.lock').includes('@esbuild/win32-x64'), 'a package for another platform is lost'),
  },
  {
    name: 'folders and tarballs of the repository',
    prepare: [['tar', '-czf', 'vendor/tar.tgz', '-C', 'vendor', 'package']],
    files: {
      'package.json': root({ devDependencies: { copied: 'file:vendor/copied' } }),
      'packages/app/package.json': app({ dependencies: { copied: 'file:../../vendor/copied', tar: 'file:../../vendor/tar.tgz' } }),
      'packages/other/package.json': lib('other', { dependencies: { unused: 'file:../../vendor/unused' } }),
      'vendor/copied/package.json': lib('copied', { dependencies: { ms: '^2.0.0' } }),
      'vendor/copied/index.js': 'module.exports = 1;\n',
      'vendor/unused/package.json': lib('unused', { dependencies: { wrappy: '1' } }),
      'vendor/package/package.json': lib('tar', { dependencies: { inherits: '^2.0.0' } }),
    },
    check: (read) => expectThat(read('deps/vendor/copied/index.js') === 'module.exports = 1;\n', 'a copied folder is not whole'),
  },
  {
    name: 'literal paths, a negated glob, a nested workspace, one without dependencies and one without a version',
    files: {
      'package.json': root({ workspaces: ['apps/app', 'apps/gone', './libs/*', 'libs/a/nested'] }),
      'apps/app/package.json': app({ dependencies: { a: '*', nested: 'workspace:*', versionless: 'workspace:*' } }),
      'apps/gone/package.json': lib('gone', { dependencies: { ms: '^2.0.0' } }),
      'libs/a/package.json': lib('a'),
      'libs/versionless/package.json': json({ name: 'versionless', bin: './cli.js', dependencies: { wrappy: '1' } }),
      'libs/a/nested/package.json': lib('nested', { bin: { one: './1.js', two: './2.js' }, dependencies: { once: '^1.4.0' } }),
    },
  },
  {
    name: 'bundled dependencies',
    files: {
      'package.json': root(),
      'packages/a/package.json': lib('a', { dependencies: { tslib: '1.14.1' } }),
      'packages/app/package.json': app({ dependencies: { '@tailwindcss/oxide-wasm32-wasi': '4.1.4', tslib: '2.6.0' } }),
    },
  },
  {
    name: 'the isolated linker, and settings that a token belongs to',
    since: '1.3.0',
    files: {
      'bunfig.toml':
        '# old\n[install]\nlinker = "isolated"\n\n[install.scopes]\n"@private" = { token = "$PRIVATE_TOKEN", url = "https://private.invalid/" }\n\n[test]\npreload = ["./setup.ts"]\n',
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { debug: '^4.0.0', lib: 'workspace:*' } }),
      'packages/lib/package.json': lib('lib', { dependencies: { once: '^1.4.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^1.0.0' } }),
    },
    check: (read) =>
      expectThat(
        !read('deps/bunfig.toml').includes('preload') && read('deps/bunfig.toml').includes('isolated'),
        'the settings are not those of an install',
      ),
    installed: (version) => expectThat(version('packages/app/node_modules/debug/package.json') !== undefined, 'debug is not linked'),
  },
];
