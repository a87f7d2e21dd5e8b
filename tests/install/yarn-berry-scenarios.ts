import { createHash } from 'node:crypto';
import { app, json, lib, patch, root } from './scenario-files.ts';

/** A small monorepo whose app is called `app`; yarn itself makes the lockfile, and judges what is left of it. */
export interface Scenario {
  readonly name: string;
  /** First release of yarn that knows the feature. */
  readonly since?: string;
  readonly files: Readonly<Record<string, string>>;
  /** What more must hold of the written folder. */
  readonly check?: (read: (path: string) => string) => void;
}

const manyRanges = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [
    `packages/p${index}/package.json`,
    lib(`p${index}`, { dependencies: { once: `^1.3.0 || ^1.3.${index}` } }),
  ]),
);

export const scenarios: readonly Scenario[] = [
  {
    name: 'one package in two majors, one of them for a dropped app alone',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { ms: '^2.0.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^1.0.0' } }),
    },
  },
  {
    name: 'an entry that dropped workspaces ask for with other ranges',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { once: '1.x', wrappy: '1' } }),
    },
  },
  {
    name: "aliases: direct, of another package's name, and of one version beside another",
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { ms: 'npm:once@^1.3.0', ms1: 'npm:ms@^1.0.0', ms2: 'npm:ms@2' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^2.0.0', ms1: 'npm:ms@1' } }),
    },
  },
  {
    name: "a user's patch, one of a dropped workspace, and one on what yarn patches",
    files: {
      'package.json': root({ resolutions: { 'resolve@^1.20.0': 'patch:resolve@npm:1.22.8#.yarn/patches/resolve.patch' } }),
      'packages/app/package.json': app({ dependencies: { once: 'patch:once@npm:1.4.0#../../.yarn/patches/once.patch', resolve: '^1.20.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { once: '^1.4.0', ms: 'patch:ms@npm:2.1.3#../../.yarn/patches/ms.patch' } }),
      '.yarn/patches/once.patch': patch('once'),
      '.yarn/patches/ms.patch': patch('ms'),
      '.yarn/patches/resolve.patch': patch('resolve'),
    },
    check: (read) => {
      if (read('deps/.yarn/patches/once.patch') !== patch('once')) throw new Error('the patch is not copied byte for byte');
      if (read('deps/yarn.lock').includes('ms.patch')) throw new Error('the patch of a dropped workspace stays');
    },
  },
  {
    name: 'patches named from the root, two versions of which one is patched',
    since: '4',
    files: {
      'package.json': root({ resolutions: { 'ms@npm:^2.0.0': 'patch:ms@npm%3A2.1.2#~/.yarn/patches/ms.patch' } }),
      'packages/app/package.json': app({ dependencies: { ms: '^2.0.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '^1.0.0' } }),
      '.yarn/patches/ms.patch': patch('ms'),
    },
  },
  {
    name: 'resolutions in all forms, some of them unused',
    files: {
      'package.json': root({
        resolutions: {
          ms: '2.1.2',
          'debug@^4.1.0': '4.3.4',
          'once/wrappy': 'npm:wrappy@1.0.1',
          'app/inherits': '2.0.3',
          'send@npm:0.18.0/mime': '1.5.0',
          'left-pad': '1.3.0',
          '**/glob-like': '1.0.0',
        },
      }),
      'packages/app/package.json': app({ dependencies: { debug: '^4.1.0', once: '^1.4.0', inherits: '^2.0.0', send: '0.18.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { inherits: '^2.0.0', 'left-pad': '^1.0.0', wrappy: '^1.0.0' } }),
    },
    check: (read) => {
      const { resolutions } = JSON.parse(read('deps/package.json'));
      if ('left-pad' in resolutions) throw new Error("what decides a dropped workspace's range alone stays");
      if (!('once/wrappy' in resolutions)) throw new Error('what decides a range of a package is lost');
    },
  },
  {
    name: 'resolutions that name the protocol',
    since: '4',
    files: {
      'package.json': root({ resolutions: { 'ms@npm:^2.0.0': '2.1.2', 'debug@npm:4.3.4/ms': 'npm:2.1.1' } }),
      'packages/app/package.json': app({ dependencies: { ms: '^2.0.0', debug: '4.3.4' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '2.1.3' } }),
    },
  },
  {
    name: 'a workspace that its dependents ask for in many ways',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { lib: 'workspace:^', mid: 'workspace:*' } }),
      'packages/mid/package.json': lib('mid', { dependencies: { lib: '^1.0.0' }, devDependencies: { far: 'workspace:packages/far' } }),
      'packages/far/package.json': lib('far', { dependencies: { lib: 'workspace:^1.0.0' } }),
      'packages/lib/package.json': lib('lib', { version: '1.2.3', bin: { libc: './cli.js' }, dependencies: { ms: '*' } }),
      'packages/other/package.json': lib('other', { dependencies: { lib: '*', app: '~1.0.0' } }),
    },
  },
  {
    name: 'workspaces that depend on each other and on themselves',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { a: 'workspace:*', app: 'workspace:*' } }),
      'packages/a/package.json': lib('a', { dependencies: { b: '*' } }),
      'packages/b/package.json': lib('b', { dependencies: { a: 'workspace:~', ms: '^2' }, peerDependencies: { app: '*' } }),
      'packages/other/package.json': lib('other', { dependencies: { b: 'workspace:^1.0.0' } }),
    },
  },
  {
    name: 'the root depends on workspaces, on some outside the closure',
    files: {
      'package.json': root({ dependencies: { lib: 'workspace:*', once: '^1.4.0' }, devDependencies: { other: 'workspace:*', ms: '^2.0.0' } }),
      'packages/app/package.json': app({ dependencies: { lib: 'workspace:*' } }),
      'packages/lib/package.json': lib('lib'),
      'packages/other/package.json': lib('other', { dependencies: { 'left-pad': '^1.0.0' } }),
    },
  },
  {
    name: 'a workspace and a package of the registry with one name, told apart by the range',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { once: '^1.3.0', lib: 'workspace:*' } }),
      'packages/once/package.json': lib('once', { version: '9.0.0' }),
      'packages/lib/package.json': lib('lib', { dependencies: { once: '^9.0.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { once: '1' } }),
    },
  },
  {
    name: 'a package of the registry that depends on a workspace',
    files: {
      'package.json': root({ devDependencies: { inflight: '^1.0.6' } }),
      'packages/app/package.json': app({ dependencies: { glob: '^7.2.0' } }),
      'packages/once/package.json': lib('once', { version: '1.9.0', dependencies: { ms: '^2.0.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { once: '^1.0.0' } }),
    },
  },
  {
    name: 'workspaces that are no substitute for the registry',
    files: {
      '.yarnrc.yml': 'nodeLinker: node-modules\nenableTransparentWorkspaces: false\n',
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { once: '^1.3.0', lib: 'workspace:*' } }),
      'packages/once/package.json': lib('once', { version: '1.4.0' }),
      'packages/lib/package.json': lib('lib', { dependencies: { once: 'workspace:^' } }),
    },
  },
  {
    name: 'a name in several maps',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({
        dependencies: { ms: '^2.0.0', once: '^1.3.0', inherits: '^2.0.0' },
        devDependencies: { ms: '2.1.2', wrappy: '^1.0.0' },
        optionalDependencies: { once: '1.4.0', wrappy: '1' },
        peerDependencies: { inherits: '*', 'left-pad': '^1.0.0', lib: '*', odd: 'catalog:', '@scope/none': 'workspace:^' },
        peerDependenciesMeta: { 'left-pad': { optional: true } },
      }),
      'packages/lib/package.json': lib('lib'),
    },
  },
  {
    name: "settings per dependency, programs, and names like the lockfile's own keys",
    files: {
      'package.json': root({ dependenciesMeta: { 'ms@2.1.2': { unplugged: true }, once: { built: false } }, dependencies: { once: '^1.4.0' } }),
      'packages/app/package.json': app({
        name: 'app',
        bin: './app.js',
        dependencies: { '@scope/tool': 'workspace:*', version: '^0.1.0', name: '^0.0.2', os: '^0.1.0', '2': '^3.0.0' },
        dependenciesMeta: { version: { optional: true, built: true }, os: { injected: true } },
        installConfig: { hoistingLimits: 'workspaces' },
      }),
      'packages/tool/package.json': lib('@scope/tool', {
        bin: { '@scope/tool': 'bin\\tool.js', 'tool-two': './two.js' },
        installConfig: { selfReferences: false },
      }),
      'packages/other/package.json': lib('other', { dependencies: { name: '*' } }),
    },
  },
  {
    name: 'packages that yarn, and the user, give more dependencies',
    files: {
      '.yarnrc.yml':
        'nodeLinker: node-modules\npackageExtensions:\n  "once@*":\n    dependencies:\n      inherits: ^2.0.0\n  "@nobody/none@*":\n    dependencies:\n      ms: "*"\n',
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0', unified: '^9.2.0', 'scss-parser': '1.0.4' } }),
      'packages/other/package.json': lib('other', { dependencies: { inherits: '2', lodash: '^4.17.0', 'focus-trap-react': '^8.11.0' } }),
    },
  },
  {
    name: 'optional packages for every platform',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { '@node-rs/crc32': '1.10.0' } }),
      'packages/other/package.json': lib('other', { optionalDependencies: { fsevents: '^2.3.0', ms: '*' } }),
    },
  },
  {
    name: 'a key of more than 1024 characters, and one that becomes shorter',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: Object.fromEntries(Array.from({ length: 58 }, (_, index) => [`p${index}`, 'workspace:*'])) }),
      ...manyRanges,
    },
  },
  {
    name: 'a key that no longer has 1024 characters',
    files: { 'package.json': root(), 'packages/app/package.json': app({ dependencies: { p1: '*', p2: 'workspace:^' } }), ...manyRanges },
  },
  ...['0', '9', 'mixed'].map((level) => ({
    name: `archives of compression level ${level}`,
    files: {
      '.yarnrc.yml': `nodeLinker: node-modules\ncompressionLevel: ${level}\n`,
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { once: '^1.4.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '*' } }),
    },
  })),
  {
    name: "workspaces without a name, without a version, inside another, and outside of any pattern's star",
    files: {
      'package.json': json({ private: true, workspaces: ['packages/app', 'packages/app/inner', './packages/lib', 'packages/other', 'tools/*'] }),
      'packages/app/package.json': app({ dependencies: { nested: 'workspace:*', ms: '^2.0.0' } }),
      'packages/app/inner/package.json': json({ name: 'nested', dependencies: { lib: '*' } }),
      'packages/lib/package.json': lib('lib', { version: '0.3.0' }),
      'packages/other/package.json': json({ dependencies: { wrappy: '^1.0.0' } }),
      'tools/one/package.json': json({ private: true, dependencies: { wrappy: '1' } }),
    },
  },
  {
    name: 'workspaces that a workspace declares, two deep, and not all of them needed',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { theme: 'workspace:*', ms: '^2.0.0' } }),
      'packages/ui/package.json': lib('ui', { workspaces: ['plugins/*'], dependencies: { once: '^1.4.0', theme: 'workspace:^' } }),
      'packages/ui/plugins/theme/package.json': lib('theme', { workspaces: { packages: ['deep'] }, dependencies: { deep: '*', wrappy: '1' } }),
      'packages/ui/plugins/theme/deep/package.json': lib('deep', { dependencies: { inherits: '^2.0.0' } }),
      'packages/ui/plugins/other/package.json': lib('other', { dependencies: { 'left-pad': '^1.0.0', deep: 'workspace:^1.0.0' } }),
    },
    check: (read) => {
      if (/left-pad|once@/.test(read('deps/yarn.lock'))) throw new Error('what only dropped workspaces need stays');
    },
  },
  {
    name: 'catalogs: default, named, leading to a workspace, and used by a dropped workspace alone',
    since: '4.12',
    files: {
      '.yarnrc.yml':
        'nodeLinker: node-modules\ncatalog:\n  ms: ^2.0.0\n  typescript: ~5.4.5\n  wrappy: ^1.0.0\n  lib: ^1.0.0\ncatalogs:\n  old:\n    ms: ^1.0.0\n    once: npm:once@^1.3.0\n',
      'package.json': root(),
      'packages/app/package.json': app({
        dependencies: { ms: 'catalog:', once: 'catalog:old', lib: 'catalog:', inherits: '*' },
        devDependencies: { typescript: 'catalog:' },
      }),
      'packages/lib/package.json': lib('lib', { version: '1.5.0' }),
      'packages/other/package.json': lib('other', { dependencies: { ms: 'catalog:old', wrappy: 'catalog:' } }),
    },
  },
  {
    name: 'folders and links beside the workspaces',
    files: {
      'package.json': root({ dependencies: { top: 'link:./vendor/top' } }),
      'packages/app/package.json': app({
        dependencies: {
          packed: 'file:../../vendor/packed',
          out: 'portal:../../vendor/out',
          built: 'link:../lib/dist',
          lib: 'workspace:*',
          self: 'link:.',
        },
      }),
      'packages/lib/package.json': lib('lib', { dependencies: { near: 'file:./near' } }),
      'packages/lib/near/package.json': json({ name: 'near', version: '1.0.0' }),
      'packages/lib/near/deep/index.js': '',
      'packages/other/package.json': lib('other', { dependencies: { unused: 'portal:../../vendor/unused', packed: '../../vendor/packed' } }),
      'vendor/top/package.json': json({ name: 'top', version: '1.0.0' }),
      'vendor/packed/package.json': json({ name: 'packed', version: '1.0.0', dependencies: { ms: '^2.0.0' } }),
      'vendor/packed/index.js': 'module.exports = 1;\n',
      'vendor/out/package.json': json({ name: 'out', version: '1.0.0', dependencies: { once: '^1.4.0', beside: 'portal:../beside' } }),
      'vendor/beside/package.json': json({ name: 'beside', version: '1.0.0', dependencies: { wrappy: '1' } }),
      'vendor/unused/package.json': json({ name: 'unused', version: '1.0.0', dependencies: { inherits: '*' } }),
    },
    check: (read) => {
      if (read('deps/yarn.lock').includes('unused')) throw new Error('a folder of a dropped workspace stays');
    },
  },
  {
    // Not tried: fsevents as a plain dependency. Elsewhere than on macOS yarn locks a checksum of it then, and drops it where it is optional.
    name: 'typescript, resolve and fsevents, which yarn patches',
    files: {
      'package.json': root({ devDependencies: { typescript: '~5.4.5' } }),
      'packages/app/package.json': app({ dependencies: { resolve: '^1.20.0', chokidar: '^3.5.0' }, devDependencies: { typescript: '^5.4.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { resolve: '^1.22.0', chokidar: '^3.4.0', typescript: '5.x' } }),
    },
  },
  {
    name: 'no package of the registry is left',
    files: {
      'package.json': root(),
      'packages/app/package.json': app({ dependencies: { lib: 'workspace:*' } }),
      'packages/lib/package.json': lib('lib', { devDependencies: { ms: '*' } }),
      'packages/other/package.json': lib('other', { dependencies: { once: '^1.4.0' } }),
    },
  },
  {
    name: "plug'n'play, a plugin, constraints and a credential",
    files: {
      '.yarnrc.yml': `# mine\nenableConstraintsChecks: false\nplugins:\n  - path: .yarn/plugins/hello.cjs\n    spec: "./hello.js"\n    checksum: ${createHash('sha512').update(helloPlugin()).digest('hex')}\nnpmScopes:\n  mine:\n    npmAuthToken: abcdef\n`,
      '.yarn/plugins/hello.cjs': helloPlugin(),
      'constraints.pro': 'gen_enforce_dependency_range(_, _, _, _) :- false.\n',
      'package.json': root(),
      'packages/app/package.json': app({ type: 'module', dependencies: { once: '^1.4.0' } }),
      'packages/other/package.json': lib('other', { dependencies: { ms: '*' } }),
    },
    check: (read) => {
      if (read('deps/.yarnrc.yml').includes('abcdef')) throw new Error('the credential is copied');
    },
  },
];

function helloPlugin(): string {
  return "module.exports = { name: '@yarnpkg/plugin-hello', factory: () => ({ default: { hooks: {} } }) };\n";
}
