import { describe, expect, test } from 'vitest';
import { aliasOf, applyAliases } from '../../packages/core/src/closure/imports/aliases.ts';
import { fileRole } from '../../packages/core/src/closure/imports/file-role.ts';
import { parseAliases } from '../../packages/core/src/closure/imports/parse-aliases.ts';
import { parseImports } from '../../packages/core/src/closure/imports/parse-imports.ts';
import { scanImports } from '../../packages/core/src/closure/imports/scan-imports.ts';
import { scriptOf } from '../../packages/core/src/closure/imports/script-blocks.ts';

const parse = (path: string, text: string) => parseImports(scriptOf(path, text)).map(({ specifier, line, use }) => `${line} ${use} ${specifier}`);

const everyForm = `/// <reference types="triple" />
import def from 'def';
import { used, type T1 } from "named";
import type { T2 } from 'type-only';
import { T3 } from 'used-as-type';
import * as space from 'space'; import 'effect';
import old = require('equals');
export * from 'star';
export type { T4 } from 'type-export';
const cjs = require('cjs'), at = require.resolve('resolved');
try { require('tried') } catch { require('caught') }
const lazy = () => import(/* webpackChunkName: "x" */ 'lazy');
type T5 = import('type-query').T5 | T3;
// import 'in-comment'
const text = "import 'in-string'"; const template = \`require('in-template')\`;
new URL('../asset', import.meta.url); import.meta.glob(['../a/*.md', '../b/*.md']);
export default [def, used, space, old, cjs, at, lazy, text, template];
`;

describe('scanning text', () => {
  test('finds a superset of what the syntax tree has', () => {
    const scanned = new Set(scanImports(everyForm));
    const parsed = parseImports(scriptOf('a.ts', everyForm)).map(({ specifier }) => specifier);
    expect(parsed.filter((specifier) => !scanned.has(specifier))).toEqual(['../b/*.md']); // further globs of a list are the tree's alone
    expect(scanned).toContain('in-comment');
  });

  test.each([
    ['minified', 'import{a}from"x";export*from"y"', ['x', 'y']],
    ['over lines', 'import {\n  a,\n  b\n} from\n  "x"', ['x']],
    ['after a line comment', 'await import(\n  // why\n  "x"\n)', ['x']],
    ['no import', 'const fromage = "x"; importer("y"); obj.from("z")', ['z']],
  ])('%s', (_, text, found) => {
    expect(scanImports(text)).toEqual(found);
  });

  test('passes over bundles', () => {
    expect(scanImports(`import "x";${' '.repeat(1_000_001)}`)).toEqual([]);
  });
});

describe('the syntax tree', () => {
  test('tells imports by line and use', () => {
    expect(parse('a.ts', everyForm)).toEqual([
      '1 type triple',
      '2 value def',
      '3 value named',
      '4 type type-only',
      '5 type used-as-type',
      '6 value space',
      '6 value effect',
      '7 value equals',
      '8 value star',
      '9 type type-export',
      '10 value cjs',
      '10 value resolved',
      '11 tried tried',
      '11 value caught',
      '12 value lazy',
      '13 type type-query',
      '16 value ../asset',
      '16 value ../a/*.md',
      '16 value ../b/*.md',
    ]);
  });

  test('a class that is extended is a value, one that is implemented a type', () => {
    expect(parse('a.ts', "import { A } from 'a';\nimport { B } from 'b';\nexport class C extends A implements B {}")).toEqual([
      '1 value a',
      '2 type b',
    ]);
  });

  test('a component that JSX uses is a value; JavaScript drops no import', () => {
    expect(parse('a.tsx', "import { A } from 'a';\nexport const x = <A />;")).toEqual(['1 value a']);
    expect(parse('a.js', "import { A } from 'a';")).toEqual(['1 value a']);
  });

  test('script blocks keep their lines', () => {
    const vue =
      '<template>\n  <A title="import \'no\'" />\n</template>\n<script setup lang="ts">\nimport A from \'a\';\n</script>\n<style>@import "css";</style>\n';
    expect(parse('a.vue', vue)).toEqual(['5 value a']);
    expect(parse('a.svelte', '<script context="module">\n  import b from "b";\n</script>\n<script>\nimport c from "c"</script>')).toEqual([
      '2 value b',
      '5 value c',
    ]);
    expect(parse('a.astro', '---\nimport d from "d";\n---\n<p>import "no"</p>\n<script>\nimport "e"\n</script>')).toEqual(['2 value d', '6 value e']);
    expect(parse('a.mdx', '# import\n\nimport F from "f"\n\nText from "no".\n\n```js\nimport "no"\n```\n\nexport { g } from "g"\n')).toEqual([
      '3 value f',
      '11 value g',
    ]);
    expect(parse('b.mdx', 'import F from "f"\nimport G from "g"\n\n<Code>\n  {`import { no } from "no";\nimport "no"\n`}\n</Code>\n')).toEqual([
      '1 value f',
      '2 value g',
    ]);
  });

  test('a broken file gives what it can', () => {
    expect(parse('a.ts', "import a from 'a';\nfunction ( {{{ 'x' ")).toContain('1 type a');
  });
});

describe('aliases of bundlers', () => {
  const resolved = (text: string, specifier: string) =>
    applyAliases(specifier, parseAliases('apps/web/vite.config.ts', text, 'apps/web').map(aliasOf)).map(({ to }) => to);
  const vite = (alias: string) => `export default defineConfig(() => { ${alias} });`;

  test.each([
    [
      'object and __dirname',
      "return { resolve: { alias: { '@ui': path.resolve(__dirname, '..', '..', 'packages/ui/src') } } }",
      '@ui/button',
      ['./packages/ui/src/button'],
    ],
    ['URL', "return { resolve: { alias: { '~': fileURLToPath(new URL('../../packages/x', import.meta.url)) } } }", '~/a', ['./packages/x/a']],
    [
      'a key that ends with a slash',
      "return { resolve: { alias: { '~/': new URL('./src/', import.meta.url).pathname } } }",
      '~/a',
      ['./apps/web/src/a'],
    ],
    [
      'list with RegExp',
      "return { resolve: { alias: [{ find: /^@x\\/(.*)$/, replacement: path.join(__dirname, '../../packages/$1/src') }] } }",
      '@x/y',
      ['./packages/y/src'],
    ],
    ['list with string', "return { resolve: { alias: [{ find: 'x', replacement: resolve(import.meta.dirname, 'x') }] } }", 'x/y', ['./apps/web/x/y']],
    ['a prefix of another name is none', "return { resolve: { alias: { x: path.resolve(__dirname, 'x') } } }", 'xy', []],
    [
      'constants and helpers',
      "const root = join(__dirname, '../..'); const r = (p) => join(root, p); const alias = { x: r('libs/x') }; return { resolve: { alias } }",
      'x',
      ['./libs/x'],
    ],
    ['spread', "const more = { x: process.cwd() + '/x' }; return { resolve: { alias: { ...more } } }", 'x', ['./apps/web/x']],
    ['webpack, exact', "config.resolve.alias['x$'] = path.join(__dirname, 'x.js')", 'x', ['./apps/web/x.js']],
    ['webpack, exact, below', "config.resolve.alias['x$'] = path.join(__dirname, 'x.js')", 'x/y', []],
    ['Babel', "return { plugins: [['module-resolver', { alias: { '^@a/(.+)': '../a/src/\\\\1' } }]] }", '@a/b', ['./apps/a/src/b']],
    ['another package', "return { resolve: { alias: { react: 'preact/compat' } } }", 'react', ['preact/compat']],
    ['out of the workspace', "return { resolve: { alias: { x: path.resolve(__dirname, '../../../x') } } }", 'x', []],
    ['computed', "return { resolve: { alias: { x: require.resolve('x'), y: where() } } }", 'x', []],
    ['a circle', "const a = b; const b = a; const f = (x) => f(x); return { alias: { x: a, y: f('1') } }", 'x', []],
  ])('%s', (_, text, specifier, found) => {
    expect(resolved(vite(text), specifier)).toEqual(found);
  });
});

test.each([
  ['src/a.ts', 'source'],
  ['index.js', 'source'],
  ['src/tests-of-time.ts', 'source'],
  ['src/routes/tests/page.tsx', 'source'],
  ['src/components/specs/list.ts', 'source'],
  ['src/success-story.tsx', 'source'],
  ['src/openapi-spec.ts', 'source'],
  ['config/database.ts', 'source'],
  ['vite.config.ts', 'support'],
  ['webpack.prod.js', 'support'],
  ['scripts/build.mjs', 'support'],
  ['docs/intro.mdx', 'support'],
  ['src/a.test.ts', 'none'],
  ['src/a.stories.tsx', 'none'],
  ['src/a.e2e-spec.ts', 'none'],
  ['src/__tests__/a.ts', 'none'],
  ['test/a.ts', 'none'],
  ['src/test/a.ts', 'none'],
  ['vitest.config.ts', 'none'],
  ['eslint.config.mjs', 'none'],
  ['.eslintrc.cjs', 'none'],
  ['.storybook/main.ts', 'none'],
])('%s is %s', (path, role) => {
  expect(fileRole(path)).toBe(role);
});
