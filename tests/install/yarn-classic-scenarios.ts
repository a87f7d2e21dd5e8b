import { app, expectThat, json, lib, root } from './scenario-files.ts';

/** A small monorepo whose app is called `app`; yarn itself makes the lockfile, and judges what is left of it. */
export interface Scenario {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Programs to run before the install: to make a tarball. */
  readonly prepare?: readonly (readonly string[])[];
  /** What more must hold of the written folder. */
  readonly check?: (read: (path: string) => string) => void;
  /** What more must hold of the installed `deps`. */
  readonly installed?: (version: (path: string) => string | undefined) => void;
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'one package in two majors, one of them for a dropped app alone',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { ms: '^2.0.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^1.0.0' } }),
    },
    check: (read) => expectThat(!/^ms@\^1/m.test(read('deps/yarn.lock')), 'the other major stays'),
  },
  {
    name: 'merged keys of which dropped workspaces need a part, the first part too',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0', inflight: '^1.0.6' } }),
      'packages/other/package.json': lib('other', { dependencies: { once: '1.x', wrappy: '1.0.2', '@types/ms': '^2.0.0' } }),
    },
    check: (read) => expectThat(/^once@\^1\.3\.0, once@\^1\.4\.0:$/m.test(read('deps/yarn.lock')), 'the key is not narrowed'),
  },
  {
    name: "aliases: direct, of another package's name, and two names on one tarball, of which one goes",
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { ms: 'npm:once@^1.3.0', ms1: 'npm:ms@^1.0.0', ms2: 'npm:ms@2' } }),
      'packages/other/package.json': lib('other', { dependencies: { a: 'npm:once@^1.3.0', ms1: 'npm:ms@1', ms: '^2.0.0', once: '^1.3.0' } }),
    },
  },
  {
    name: 'two names on one tarball, of which only the true one stays',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { once: '^1.3.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { a: 'npm:once@^1.3.0', z: 'npm:once@^1.3.0' } }),
    },
  },
  {
    name: 'resolutions in all their forms, also for what nobody needs any longer, but for a workspace outside',
    files: {
      'package.json': root({
        resolutions: {
          wrappy: '1.0.1',
          '**/ms': '2.0.0',
          'other/**/once': '1.3.3',
          'app/debug/ms': '2.1.0',
          inherits: '2.0.3',
          'once/wrappy': '1.0.0',
        },
        dependencies: { wrappy: '^1.0.0' },
      }),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0', debug: '4.3.4' } }),
      'packages/other/package.json': lib('other', { dependencies: { once: '^1.3.0', inherits: '^2.0.1' } }),
    },
    check: (read) => {
      const { resolutions } = JSON.parse(read('deps/package.json'));
      expectThat(Object.keys(resolutions).length === 5, 'resolutions are lost');
      expectThat(resolutions['other/**/once'] === undefined, 'a resolution for a workspace outside is kept');
      expectThat(/wrappy@1\.0\.1/.test(read('deps/yarn.lock')), 'the pattern of a resolution is lost');
    },
  },
  {
    name: 'a resolution to an alias and one to a tag, which yarn ignores',
    files: {
      'package.json': root({ resolutions: { wrappy: 'npm:ms@2.0.0', ms: 'latest' } }),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^2.0.0' } }),
    },
  },
  {
    name: 'a workspace by ranges, by any version, and the registry where the range asks for another',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { wrappy: '^2.0.0', once: '*', ms: '^1.0.0' } }),
      'packages/wrappy/package.json': lib('wrappy', { version: '2.3.4', dependencies: { inherits: '^2.0.0' } }),
      'packages/once/package.json': lib('once', { version: '9.0.0', dependencies: { ms: '>=5' } }),
      'packages/ms/package.json': lib('ms', { version: '7.0.0' }),
    },
    installed: (version) => {
      expectThat(
        version('node_modules/ms/package.json') === undefined || version('packages/app/node_modules/ms/package.json')?.startsWith('1.') === true,
        'ms is not from the registry',
      );
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
    check: (read) => {
      expectThat(JSON.parse(read('deps/packages/wrappy/package.json')).name === 'wrappy', 'the workspace is not in the closure');
      expectThat(!/^wrappy@/m.test(read('deps/yarn.lock')), 'the registry is asked for the workspace');
    },
  },
  {
    name: 'a workspace in a prerelease, which no star matches',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { wrappy: '*', lib: '^1.0.0-beta.1' } }),
      'packages/lib/package.json': lib('lib', { version: '1.0.0-beta.3', dependencies: { wrappy: '3.0.0-alpha.1' } }),
      'packages/wrappy/package.json': lib('wrappy', { version: '3.0.0-alpha.1' }),
    },
    check: (read) => expectThat(/^wrappy@\*:$/m.test(read('deps/yarn.lock')), 'the registry version is lost'),
  },
  {
    name: 'a cycle of workspaces, one reached through devDependencies, one as a peer, one through the root',
    files: {
      'package.json': root({ devDependencies: { tool: '*', ms: '^2.0.0' } }),
      'packages/app/package.json': app({ dependencies: { a: '*' }, peerDependencies: { peer: '*' } }),
      'packages/a/package.json': lib('a', { dependencies: { b: '^1.0.0' } }),
      'packages/b/package.json': lib('b', { dependencies: { a: '*' }, devDependencies: { dev: '1.0.0' } }),
      'packages/dev/package.json': lib('dev', { dependencies: { once: '^1.3.0' } }),
      'packages/peer/package.json': lib('peer', { dependencies: { inherits: '^2.0.0' } }),
      'packages/tool/package.json': lib('tool', { dependencies: { wrappy: '1' } }),
    },
    check: (read) => expectThat(!/^wrappy@1:$/m.test(read('prod/yarn.lock')), "the root's tool stays"),
  },
  {
    name: 'a name in several maps, with several ranges',
    files: {
      'package.json': root({ dependencies: { ms: '*' }, devDependencies: { ms: '^2.0.0' } }),
      'packages/app/package.json': app({
        dependencies: { once: '^1.3.0', wrappy: '1' },
        devDependencies: { once: '1.4.0' },
        optionalDependencies: { wrappy: '1.0.1' },
      }),
      'packages/other/package.json': lib('other', { dependencies: { once: '*' } }),
    },
  },
  {
    name: 'optional packages for other platforms',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { chokidar: '3.5.3' }, optionalDependencies: { fsevents: '^2.0.0' } }),
      'packages/other/package.json': lib('other', { optionalDependencies: { fsevents: '~2.3.2' } }),
    },
    check: (read) => expectThat(/^fsevents@/m.test(read('prod/yarn.lock')), 'a package for another platform is lost'),
  },
  {
    name: 'names like keys of the format, like numbers, and awkward ranges',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({
        dependencies: {
          version: 'npm:ms@2.0.0',
          dependencies: 'npm:ms@1.0.0',
          2: 'npm:once@1.4.0',
          true: 'npm:wrappy@1',
          inherits: '>=2.0.0 <3.0.0 || ^1.0.0',
          depd: '',
        },
      }),
      'packages/other/package.json': lib('other', { dependencies: { resolved: 'npm:ms@2.0.0', 7: 'npm:once@1.4.0' } }),
    },
  },
  {
    name: 'folders and tarballs of the repository',
    prepare: [['tar', '-czf', 'vendor/tar.tgz', '-C', 'vendor', 'package']],
    files: {
      'package.json': root({ devDependencies: { copied: 'file:vendor/copied' } }),
      'packages/app/package.json': app({
        dependencies: {
          copied: 'file:../../vendor/copied',
          linked: 'link:../../vendor/linked',
          tar: 'file:../../vendor/tar.tgz',
          lib: 'link:../lib',
          own: 'file:./own',
        },
      }),
      'packages/lib/package.json': lib('lib', { dependencies: { inherits: '^2.0.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { unused: 'file:../../vendor/unused' } }),
      'packages/app/own/package.json': lib('own', { dependencies: { depd: '^2.0.0' } }),
      'vendor/copied/package.json': lib('copied', { dependencies: { ms: '^2.0.0' } }),
      'vendor/copied/index.js': 'module.exports = 1;\n',
      'vendor/linked/package.json': lib('linked', { dependencies: { once: '^1.3.0' } }),
      'vendor/unused/package.json': lib('unused', { dependencies: { wrappy: '1' } }),
      'vendor/package/package.json': lib('tar', { dependencies: { inherits: '^2.0.0' } }),
    },
    check: (read) => {
      expectThat(read('deps/vendor/copied/index.js') === 'module.exports = 1;\n', 'a copied folder is not whole');
      expectThat(JSON.parse(read('deps/packages/lib/package.json')).name === 'lib', 'a linked workspace is not in the closure');
    },
  },
  {
    name: 'nohoist, of the root and of a workspace',
    files: {
      'package.json': root({ workspaces: { packages: ['packages/*'], nohoist: ['**/once'] } }),
      'packages/app/package.json': app({ private: true, dependencies: { once: '^1.3.0', debug: '^4.0.0' }, workspaces: { nohoist: ['debug/ms'] } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^2.0.0' } }),
    },
    installed: (version) => expectThat(version('packages/app/node_modules/once/package.json') !== undefined, 'once is hoisted'),
  },
  {
    name: 'folders by literal path, two globs, a nested workspace, and one without dependencies',
    files: {
      'package.json': root({ workspaces: ['apps/app', 'apps/gone', './libs/*', 'libs/a/nested'] }),
      'apps/app/package.json': app({ dependencies: { a: '*', nested: '^1.0.0' } }),
      'apps/gone/package.json': lib('gone', { dependencies: { ms: '^2.0.0' } }),
      'libs/a/package.json': lib('a'),
      'libs/a/nested/package.json': lib('nested', { dependencies: { once: '^1.4.0' } }),
    },
  },
  {
    name: 'a workspace without a version or a name, which yarn ignores',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0' } }),
      'packages/versionless/package.json': json({ name: 'versionless', dependencies: { nothing: '^99.0.0' } }),
      'packages/nameless/package.json': json({ version: '1.0.0', dependencies: { nothing: '^99.0.0' } }),
    },
  },
  {
    name: 'an offline mirror',
    files: {
      '.yarnrc': 'yarn-offline-mirror "./mirror"\nlastUpdateCheck 1500000000000\n',
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0', '@types/ms': '0.7.31' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^2.0.0' } }),
      'mirror/.gitkeep': '',
    },
    check: (read) => {
      expectThat(read('deps/mirror/@types-ms-0.7.31.tgz').length > 0, 'a scoped tarball is missing');
      expectThat(!read('deps/.yarnrc').includes('lastUpdateCheck'), 'a clock is copied');
    },
  },
  {
    name: 'bins, engines and platforms of workspaces',
    files: {
      'package.json': root({ engines: { node: '>=10' } }),
      'packages/app/package.json': app({ engines: { node: '>=10' }, os: ['linux', 'darwin', 'win32'], dependencies: { cli: '*' } }),
      'packages/cli/package.json': lib('cli', { bin: { cli: 'dist/cli.js' }, dependencies: { mkdirp: '^1.0.0' } }),
    },
  },
];
