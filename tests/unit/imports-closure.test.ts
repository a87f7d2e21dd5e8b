import { describe, expect, test } from 'vitest';
import { importReader } from '../../packages/core/src/closure/imports/read-imports.ts';
import type { Importer, Manifest } from '../../packages/core/src/model.ts';
import { type MemoryFile, memoryFiles } from '../kit/memory-files.ts';

const importer = (id: string, manifest: Manifest): Importer => ({ id, name: manifest.name ?? id, manifest });

/** apps/web declares `react` and `@x/declared`; the root declares `typescript`. */
const importers = [
  importer('.', { name: 'root', devDependencies: { typescript: '5' } }),
  importer('apps/web', { name: 'web', dependencies: { react: '19', '@x/declared': 'workspace:*' } }),
  importer('packages/declared', { name: '@x/declared' }),
  importer('packages/ui', { name: '@x/ui', dependencies: { hexy: '1' } }),
];

async function read(files: Record<string, MemoryFile>, id = 'apps/web') {
  const reading = await importReader({ files: memoryFiles(files), importers })(importers.find((one) => one.id === id) as Importer);
  return {
    edges: reading.edges.map(({ to, kind, by, line }) => `${to} ${kind} ${by}:${line}`),
    outside: reading.outside.map(({ path, by, line }) => `${path} ${by}:${line}`),
    undeclared: reading.undeclared.map(({ file, line, name }) => `${file}:${line} ${name}`),
  };
}

const nothing = { edges: [], outside: [], undeclared: [] };

describe('nothing to add', () => {
  test.each([
    [
      'declared, builtin, self, root',
      "import 'react'; import '@x/declared/sub'; import 'node:fs'; import 'fs/promises'; import 'web/x'; import 'typescript';",
    ],
    ['relative, inside', "import './b'; import '../src/c';"],
    [
      'no package at all',
      "import 'virtual:pwa'; import '/src/x'; import '#internal'; import '$lib/x'; import 'https://x.test/y'; import '@/x'; import '~/y';",
    ],
    ['answered by a framework', "import 'server-only'; import '@theme/Layout';"],
    ['comment and string', "// import '@x/ui'\nconst a = \"import '@x/ui'\";"],
    ['a type of nobody', "import type { Root } from 'hast'; import { Node } from 'unist'; export type A = Root | Node;"],
    ['may fail', "try { require('fsevents') } catch {}"],
    ['a relative path out of the repository', "import '../../../../x';"],
    ['what is not there', "import '../../../generated/client';"],
  ])('%s', async (_, text) => {
    expect(await read({ 'apps/web/src/a.ts': text })).toEqual(nothing);
  });

  test('tests, stories and links are not read', async () => {
    const text = "import '@x/ui'; import 'hexy';";
    expect(
      await read({
        'apps/web/src/a.test.ts': text,
        'apps/web/test/a.ts': text,
        'apps/web/jest.config.js': text,
        'apps/web/l.ts': { text, mode: '120000' },
      }),
    ).toEqual(nothing);
  });
});

describe('edges', () => {
  test('by name, by the first source; configuration only where no source does', async () => {
    expect(
      await read({
        'apps/web/src/b.ts': "\nimport '@x/ui/button';",
        'apps/web/src/c.ts': "import '@x/ui';",
        'apps/web/next.config.js': "require('@x/ui')",
      }),
    ).toEqual({
      ...nothing,
      edges: ['packages/ui import apps/web/src/b.ts:2'],
    });
    expect((await read({ 'apps/web/next.config.js': "require('@x/ui')" })).edges).toEqual(['packages/ui config apps/web/next.config.js:1']);
  });

  test('a mention that is no import does not hide the import', async () => {
    expect((await read({ 'apps/web/a.ts': "// from '@x/ui'", 'apps/web/b.ts': "// from '@x/ui'\nimport '@x/ui'" })).edges).toEqual([
      'packages/ui import apps/web/b.ts:2',
    ]);
  });

  test('types alone are needed too', async () => {
    expect((await read({ 'apps/web/a.ts': "import type { A } from '@x/ui'" })).edges).toEqual(['packages/ui import apps/web/a.ts:1']);
  });

  test('by a relative path, built or not', async () => {
    expect((await read({ 'apps/web/a.ts': "import '../../packages/ui/dist/x.js'" })).edges).toEqual(['packages/ui import apps/web/a.ts:1']);
  });

  test('by tsconfig paths, extended, with baseUrl', async () => {
    const files = {
      'tsconfig.base.json':
        '{ // comment\n "compilerOptions": { "baseUrl": ".", "paths": { "ui-kit/*": ["packages/ui/src/*"], "own/*": ["apps/web/src/*"] }, } }',
      'apps/web/tsconfig.json': '{ "extends": "../../tsconfig.base" }',
      'apps/web/src/a.ts': "import 'ui-kit/button'; import 'own/b'; import 'apps/web/src/b';",
      'apps/web/src/b.ts': '',
      'packages/ui/src/button.tsx': '',
    };
    expect(await read(files)).toEqual({ ...nothing, edges: ['packages/ui import apps/web/src/a.ts:1'] });
  });

  test('by the nearest tsconfig above, where there is none', async () => {
    const files = {
      'tsconfig.json': '{ "compilerOptions": { "paths": { "kit": ["./packages/ui/index.ts"] } } }',
      'apps/web/a.ts': "import 'kit'",
      'packages/ui/index.ts': '',
    };
    expect(await read(files)).toEqual({ ...nothing, edges: ['packages/ui import apps/web/a.ts:1'] });
  });

  test('a mapping that leads to no file is passed over', async () => {
    const files = {
      'apps/web/tsconfig.json': '{ "compilerOptions": { "paths": { "*": ["./types/*", "../../packages/ui/types/*"] } } }',
      'apps/web/a.ts': "import 'hexy'",
    };
    expect((await read(files)).undeclared).toHaveLength(1);
  });

  test('a folder of its own below baseUrl explains what a build will write there', async () => {
    const files = {
      'apps/web/tsconfig.json': '{ "compilerOptions": { "baseUrl": "." } }',
      'apps/web/src/a.ts': "import 'src/generated/client'; import 'hexy/client'",
    };
    expect((await read(files)).undeclared).toEqual([expect.stringContaining('hexy')]);
  });

  test("by a bundler's alias, which explains what else would be undeclared", async () => {
    const files = {
      'apps/web/vite.config.ts':
        "export default { resolve: { alias: { kit: path.resolve(__dirname, '../../packages/ui'), 'next/link': path.resolve(__dirname, 'link.tsx') } } }",
      'apps/web/a.ts': "import 'kit/b'; import 'next/link';",
    };
    expect(await read(files)).toEqual({ ...nothing, edges: ['packages/ui import apps/web/a.ts:1'] });
  });

  test('by a tsconfig that extends an undeclared package', async () => {
    expect((await read({ 'apps/web/tsconfig.json': '{\n  "extends": "@x/ui/tsconfig.json"\n}' })).edges).toEqual([
      'packages/ui config apps/web/tsconfig.json:2',
    ]);
  });

  test('of the root, to a member', async () => {
    expect((await read({ 'src/a.ts': "import './b'; import '../packages/ui/x'; import '@x/declared'" }, '.')).edges).toEqual([
      'packages/declared import src/a.ts:1',
      'packages/ui import src/a.ts:1',
    ]);
  });
});

test('an asset of another package is needed without the package', async () => {
  const files = { 'apps/web/a.ts': "import '../../packages/ui/styles.css?inline'", 'packages/ui/styles.css': '' };
  expect(await read(files)).toEqual({ ...nothing, outside: ['packages/ui/styles.css apps/web/a.ts:1'] });
});

test('what lies outside every package', async () => {
  const files = {
    'apps/web/src/a.ts':
      "import x from '../../../shared/x';\nimport '../../../assets/logo.svg?raw';\nnew URL('../../../shared', import.meta.url);\nimport.meta.glob('../../../texts/*.md');",
    'apps/web/vite.config.ts': "import '../../scripts/plugin.js'",
    'shared/x.ts': '',
    'assets/logo.svg': '',
    'texts/a.md': '',
    'scripts/plugin.ts': '',
  };
  expect((await read(files)).outside).toEqual([
    'assets/logo.svg apps/web/src/a.ts:2',
    'scripts/plugin.ts apps/web/vite.config.ts:1',
    'shared apps/web/src/a.ts:3',
    'shared/x.ts apps/web/src/a.ts:1',
    'texts apps/web/src/a.ts:4',
  ]);
});

describe('undeclared packages', () => {
  test('once each, where a source loads it', async () => {
    const files = {
      'apps/web/src/a.ts': "import type { H } from 'hexy';",
      'apps/web/src/b.ts': "\nimport { hexy } from 'hexy';\nexport default hexy('');",
      'apps/web/src/c.ts': "import 'qs/lib'; import 'hexy';",
    };
    expect((await read(files)).undeclared).toEqual(['apps/web/src/b.ts:2 hexy', 'apps/web/src/c.ts:1 qs']);
  });

  test("with a path behind it, a name of Node's own modules is a package", async () => {
    const files = { 'apps/web/src/a.ts': "import 'events'; import 'buffer/'; import 'punycode/punycode.js'; import 'fs/promises';" };
    expect((await read(files)).undeclared).toEqual(['apps/web/src/a.ts:1 buffer', 'apps/web/src/a.ts:1 punycode']);
  });

  test("of code that a program hands its bundler as a text, packages with names of Node's own modules, where it asks for them", async () => {
    const bundle = (prefer: string): string => `const fs = require('fs');
const code = \`
  import react from 'react';
  import { Buffer } from "buffer";
\`;
rollup({ plugins: [nodeResolve({ ${prefer} })], input: code }).then(fs.write);
`;
    expect((await read({ 'apps/web/src/bundle.js': bundle('preferBuiltins: false') })).undeclared).toEqual(['apps/web/src/bundle.js:4 buffer']);
    expect(await read({ 'apps/web/src/bundle.js': bundle('preferBuiltins: true') })).toEqual(nothing);
  });

  test('configuration and declarations are no reason', async () => {
    expect(
      await read({ 'apps/web/vite.config.ts': "import 'vite-plugin-x'", 'apps/web/types.d.ts': "import { Y } from 'y'; export const y: Y;" }),
    ).toEqual(nothing);
  });
});

test('the cache answers for files whose content it knows', async () => {
  const cache = new Map<string, unknown>();
  const web = importers[1] as Importer;
  const text = {
    'apps/web/a.ts': "import '@x/ui'; import 'kit';",
    'apps/web/vite.config.ts': "export default { alias: { kit: '../../packages/declared' } }",
  };
  const first = await importReader({ files: memoryFiles(text), importers, cache })(web);
  const files = memoryFiles(text);
  const stored = new Map(JSON.parse(JSON.stringify([...cache])) as [string, unknown][]);
  expect(await importReader({ files, importers, cache: stored })(web)).toEqual(first);
  expect(files.asked).toEqual([]);
  expect(first.edges.map(({ to }) => to)).toEqual(['packages/declared', 'packages/ui']);
});
