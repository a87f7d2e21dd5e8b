import { describe, expect, test } from 'vitest';
import { rootFileFinder } from '../../packages/core/src/context/root-files/find-root-files.ts';
import { pathLiterals } from '../../packages/core/src/context/root-files/path-literals.ts';
import { buildScripts, shellPaths } from '../../packages/core/src/context/root-files/script-paths.ts';
import type { Importer, Manifest } from '../../packages/core/src/model.ts';
import { filesByImporter } from '../../packages/core/src/paths.ts';
import { type MemoryFile, memoryFiles } from '../kit/memory-files.ts';

const importer = (id: string, manifest: Manifest): Importer => ({ id, name: manifest.name ?? id, manifest });

/** The closure of apps/web: itself and packages/ui. packages/other and packages/config are members of the workspace alone. */
function find(
  files: Record<string, MemoryFile>,
  more: { include?: string[]; web?: Manifest; imports?: { path: string; by: string; line: number }[]; app?: string } = {},
) {
  const root = importer('.', { name: 'root' });
  const web = importer('apps/web', { name: 'web', ...more.web });
  const ui = importer('packages/ui', { name: '@x/ui' });
  const importers = [
    root,
    web,
    importer('packages/config', { name: '@x/config', exports: { './base': './tsconfig/base.json' } }),
    importer('packages/other', { name: '@x/other' }),
    ui,
  ];
  const closure = more.app === '.' ? [root] : [ui, web];
  const held = memoryFiles(files);
  const findRootFiles = rootFileFinder({ importers, owned: filesByImporter(held, importers), files: held });
  return findRootFiles({ closure, imports: more.imports ?? [], include: more.include ?? [], tools: [] });
}

const lines = (...args: Parameters<typeof find>) => find(...args).files.map(({ path, because }) => `${path}: ${because}`);
const paths = (...args: Parameters<typeof find>) => find(...args).files.map(({ path }) => path);

describe('tsconfig', () => {
  test('extends: relative, without an ending, lists, transitively, of a package outside the closure', () => {
    const files = {
      'apps/web/tsconfig.json': '{ // comment\n "extends": ["../../tsconfig.base", "@x/config/base"], }',
      'packages/ui/tsconfig.json': '{ "extends": "../tsconfig.lib.json" }',
      'packages/config/tsconfig/base.json': '{ "extends": "./strict.json" }',
      'packages/config/tsconfig/strict.json': '{}',
      'packages/config/package.json': '{}',
      'packages/tsconfig.lib.json': '{ "extends": "../tsconfig.base.json" }',
      'tsconfig.base.json': '{}',
      'tsconfig.json': '{ "references": [{ "path": "packages/other" }] }',
      'packages/other/tsconfig.json': '{}',
    };
    expect(lines(files)).toEqual([
      'packages/config/tsconfig/base.json: apps/web/tsconfig.json extends it',
      'packages/config/tsconfig/strict.json: packages/config/tsconfig/base.json extends it',
      'packages/tsconfig.lib.json: packages/ui/tsconfig.json extends it',
      'tsconfig.base.json: apps/web/tsconfig.json extends it',
    ]);
  });

  test('references, files, include, typeRoots', () => {
    const files = {
      'apps/web/tsconfig.json':
        '{ "references": [{ "path": "../../packages/other" }, { "path": "../../packages/ui" }, { "path": "./tsconfig.app.json" }], "files": [] }',
      'apps/web/tsconfig.app.json':
        '{ "compilerOptions": { "typeRoots": ["../../typings", "node_modules/@types"] }, "include": ["src", "../../globals/*.d.ts", "../../packages/other/env.d.ts"] }',
      'packages/other/tsconfig.json': '{}',
      'packages/other/env.d.ts': '',
      'packages/ui/tsconfig.json': '{}',
      'typings/a/index.d.ts': '',
      'globals/b.d.ts': '',
      'elsewhere/c.d.ts': '',
    };
    expect(paths(files)).toEqual(['globals/b.d.ts', 'packages/other/tsconfig.json', 'typings/a/index.d.ts']);
  });

  test('paths to what no package has; those to packages are for imports to decide', () => {
    const files = {
      'apps/web/tsconfig.json':
        '{ "compilerOptions": { "paths": { "proto/*": ["../../proto/gen/*"], "@x/other": ["../../packages/other/src/index.ts"], "@x/*": ["../../packages/*"], "*": ["../../*"] } } }',
      'proto/gen/a.ts': "import '../runtime'",
      'proto/runtime.ts': '',
      'proto/schema.proto': '',
      'packages/other/src/index.ts': '',
    };
    expect(find(files).diagnostics).toEqual([]);
    expect(paths(files)).toEqual(['proto/gen/a.ts', 'proto/runtime.ts']);
  });

  test('the nearest above, where a member has none, without what it includes', () => {
    const files = {
      'tsconfig.json': '{ "extends": "./tsconfig.strict.json", "include": ["scripts"] }',
      'tsconfig.strict.json': '{}',
      'scripts/a.ts': '',
      'packages/ui/tsconfig.json': '{}',
    };
    expect(lines(files)).toEqual(['tsconfig.json: TypeScript finds it from apps/web upward', 'tsconfig.strict.json: tsconfig.json extends it']);
  });
});

describe('configuration of build tools', () => {
  test('imports and paths that leave the member, files read on', () => {
    const files = {
      'apps/web/vite.config.ts':
        "import { plugin } from '../../scripts/plugin';\nimport './config/paths';\nexport default { publicDir: '../../public', a: path.resolve(__dirname, '..', '..', 'data/a.json'), b: fileURLToPath(new URL('../../data/b.json', import.meta.url)), out: '../../dist', root: path.join(__dirname, '../..') }",
      'apps/web/config/paths.ts': "export const shared = '../../shared/theme.css';",
      'scripts/plugin.js': "const h = require('./lib/helper'); const font = join(here, './assets', 'font.ttf');",
      'scripts/lib/helper.js': '',
      'scripts/assets/font.ttf': '',
      'scripts/unrelated.js': '',
      'public/robots.txt': '',
      'data/a.json': '',
      'data/b.json': '',
      'data/c.json': '',
      'shared/theme.css': '',
    };
    expect(lines(files)).toEqual([
      'data/a.json: apps/web/vite.config.ts names it',
      'data/b.json: apps/web/vite.config.ts imports it',
      'public/robots.txt: apps/web/vite.config.ts names it',
      'scripts/assets/font.ttf: scripts/plugin.js names it',
      'scripts/lib/helper.js: scripts/plugin.js imports it',
      'scripts/plugin.js: apps/web/vite.config.ts imports it',
      'shared/theme.css: apps/web/config/paths.ts names it',
    ]);
  });

  test('a package outside the closure gives files that are named, no sources that may be aliases, no folders', () => {
    const files = {
      'apps/web/tailwind.config.js':
        "module.exports = { presets: [require('../../packages/other/tailwind.preset')], content: ['../../packages/other/src/**/*.tsx'], api: '../../packages/other/openapi.json', alias: '../../packages/other/src/index.ts', css: '../../packages/ui/x.css' }",
      'packages/other/tailwind.preset.js': "require('./colors'); module.exports = { content: ['./src/**/*.tsx', './package.json'] }",
      'packages/other/colors.js': '',
      'packages/other/openapi.json': '',
      'packages/other/package.json': '',
      'packages/other/src/index.ts': '',
      'packages/ui/x.css': '',
    };
    const { files: found, diagnostics } = find(files);
    expect(found.map(({ path }) => path)).toEqual(['packages/other/colors.js', 'packages/other/openapi.json', 'packages/other/tailwind.preset.js']);
    expect(diagnostics).toMatchObject([
      { level: 'info', code: 'folder-of-other-package', message: expect.stringContaining('packages/other/src belongs to packages/other') },
    ]);
  });

  test('tools that only check are not followed', () => {
    const files = {
      'apps/web/jest.config.js': "require('../../jest.base')",
      'apps/web/eslint.config.js': "require('../../eslint.base')",
      'jest.base.js': '',
      'eslint.base.js': '',
    };
    expect(find(files)).toEqual({ files: [], diagnostics: [] });
  });

  test('what tools find by looking upward, unless the member has its own', () => {
    const files = {
      'babel.config.js': "require('./babel.plugin')",
      'babel.plugin.js': '',
      'postcss.config.mjs': '',
      'apps/web/postcss.config.js': '',
      '.browserslistrc': '',
      'packages/.swcrc': '',
      '.swcrc': '',
      'jest.config.js': '',
    };
    expect(lines(files)).toEqual([
      '.browserslistrc: tools find it from apps/web upward',
      '.swcrc: tools find it from apps/web upward',
      'babel.config.js: tools find it from apps/web upward',
      'babel.plugin.js: babel.config.js imports it',
      'packages/.swcrc: tools find it from packages/ui upward',
      'postcss.config.mjs: tools find it from packages/ui upward',
    ]);
  });

  test('a large folder is left out and told', () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`media/${index}.png`, '']));
    const { files, diagnostics } = find({ ...many, 'apps/web/vite.config.js': "publicDir: '../../media'" });
    expect(files).toEqual([]);
    expect(diagnostics).toMatchObject([{ level: 'warning', code: 'large-root-folder' }]);
  });
});

describe('environment files', () => {
  const environment = {
    '.env': '',
    '.env.production': '',
    '.env.local': '',
    '.env.production.local': '',
    '.env.example': '',
    '.env.staging': { text: '', tracked: false },
  };

  test.each([
    "envDir: '../../'",
    "envDir: path.resolve(__dirname, '..', '..')",
    "const env = loadEnv(mode, '../..')",
    'envDir: `../..`',
    "envDir: fileURLToPath(new URL('../..', import.meta.url))",
  ])('%s', (text) => {
    expect(paths({ ...environment, 'apps/web/vite.config.ts': `export default { ${text} }` })).toEqual(['.env', '.env.production']);
  });

  test('none is taken unasked; a named one only if tracked', () => {
    expect(paths(environment)).toEqual([]);
    expect(
      paths(environment, { web: { scripts: { build: 'dotenv -e ../../.env.staging -e ../../.env.local --env-file=../../.env -- vite build' } } }),
    ).toEqual(['.env']);
  });
});

describe('scripts', () => {
  test('the paths of scripts that may build, with what these files name', () => {
    const files = {
      'scripts/build.js': "require('../lib/x')",
      'lib/x.js': '',
      'tsconfig.build.json': '{ "extends": "./tsconfig.base.json" }',
      'tsconfig.base.json': '{}',
      'tools/gen.sh': 'cat "../data/schema.json" # ../data/other.json',
      'data/schema.json': '',
      'lint.js': '',
    };
    const scripts = {
      build: 'node ../../scripts/build.js && tsc -p ../../tsconfig.build.json',
      generate: 'cd ../.. && sh tools/gen.sh',
      lint: 'node ../../lint.js',
    };
    expect(lines(files, { web: { scripts } })).toEqual([
      'data/schema.json: tools/gen.sh names it',
      'lib/x.js: scripts/build.js imports it',
      'scripts/build.js: script "build" of web names it',
      'tools/gen.sh: script "generate" of web names it',
      'tsconfig.base.json: tsconfig.build.json extends it',
      'tsconfig.build.json: script "build" of web names it',
    ]);
  });

  test('which scripts may build', () => {
    expect(
      buildScripts({
        build: 'npm run clean && vite build',
        clean: 'rm',
        'lint:fix': 'x',
        postinstall: 'x',
        test: 'x',
        tests: 'x',
        'build:dev': 'x',
        dev: 'x',
      }),
    ).toEqual(['build', 'postinstall', 'build:dev', 'clean']);
  });

  test('the words of a command that are paths', () => {
    expect(
      shellPaths(
        "NODE_ENV=production node --require=./a.js ../b.js 'c.js' @scope/x -p $DIR/y https://a.test/z **/*.ts; cd ../.. && ./d.sh",
        'apps/web',
      ),
    ).toEqual(['apps/web/a.js', 'apps/b.js', 'apps/web/c.js', 'd.sh']);
  });
});

test('links: their targets, in the closure or not, are reported', () => {
  const link = (text: string): MemoryFile => ({ text, mode: '120000' });
  const files = {
    'apps/web/public': link('../../assets/public'),
    'apps/web/notes.md': link('../../packages/other/notes.md'),
    'apps/web/locales': link('../../packages/other/locales'),
    'apps/web/own': link('src'),
    'apps/web/ui': link('../../packages/ui/x.ts'),
    'apps/web/dangling': link('../../.env.missing'),
    'apps/web/away': link('../../../x'),
    'assets/public/logo.svg': '',
    'assets/public/icon.svg': link('../../icons/icon.svg'),
    'icons/icon.svg': '',
    'packages/other/notes.md': '',
    'packages/other/locales/en.json': '',
    'packages/ui/x.ts': '',
  };
  expect(lines(files)).toEqual([
    'assets/public/icon.svg: apps/web/public links to it',
    'assets/public/logo.svg: apps/web/public links to it',
    'icons/icon.svg: assets/public/icon.svg links to it',
    'packages/other/locales/en.json: apps/web/locales links to it',
    'packages/other/notes.md: apps/web/notes.md links to it',
  ]);
});

test('what sources import', () => {
  const files = {
    'shared/a.ts': "export * from './b'; import '../packages/ui/x'",
    'shared/b.ts': '',
    'shared/c.ts': '',
    'package.json': '{}',
    'pnpm-lock.yaml': '',
  };
  const imports = ['shared/a.ts', 'package.json', 'pnpm-lock.yaml'].map((path) => ({ path, by: 'apps/web/x.ts', line: 1 }));
  expect(lines(files, { imports })).toEqual(['shared/a.ts: apps/web/x.ts imports it', 'shared/b.ts: shared/a.ts imports it']);
});

test('include: globs in the dialect of .gitignore', () => {
  const files = {
    'docs/a.md': '',
    'docs/b/c.md': '',
    'docs/b/Draft.md': '',
    'packages/other/docs/d.md': '',
    'apps/web/docs/e.md': '',
    LICENSE: '',
    '.npmrc': '',
    '.env.local': '',
  };
  const { files: found, diagnostics } = find(files, {
    include: ['/docs/**', '!Draft.md', './LICENSE', 'packages/other', '.npmrc', '.env.local', 'draft.md'],
  });
  expect(found.map(({ path }) => path)).toEqual(['LICENSE', 'docs/a.md', 'docs/b/c.md', 'packages/other/docs/d.md']);
  expect(diagnostics).toMatchObject([{ code: 'include-matches-nothing', message: expect.stringContaining('"draft.md"') }]);
});

test('a root that is the app has all but the other packages', () => {
  const files = {
    'vite.config.js': "a: './public', b: './packages/other/openapi.json'",
    'public/a.png': '',
    'packages/other/openapi.json': '',
    'tsconfig.json': '{ "extends": "./base.json" }',
    'base.json': '',
  };
  expect(paths(files, { app: '.' })).toEqual(['packages/other/openapi.json']);
});

test.each([
  ["'../a' + \"./b\" + `../c` + 'd' + '.'", ['../a', './b', '../c']],
  ["path.resolve(__dirname, '..', '..', 'x')", ['../../x']],
  ["join(dirname(fileURLToPath(import.meta.url)), '../x', `y`)", ['../x/y']],
  ['`$' + '{__dirname}/../x/$' + '{name}`', ['./../x/']],
  ["__dirname + '/../x'", ['./../x']],
  ["['../a', '../b']", ['../a', '../b']],
  ["resolve(root, 'x')", ['x']],
])('paths in %s', (text, found) => {
  expect(pathLiterals(text).map(({ path }) => path)).toEqual(found);
});
