import { expect, test } from 'vitest';
import { scriptEdges } from '../../packages/core/src/closure/script-edges.ts';
import type { Importer } from '../../packages/core/src/model.ts';

function importer(id: string, name: string, scripts: Readonly<Record<string, string>> = {}): Importer {
  return { id, name, manifest: { name, scripts } };
}

const others = [
  importer('.', 'shop', { tokens: 'pnpm --filter theme compile' }),
  importer('apps/docs', '@shop/docs', { generate: 'yarn workspace @shop/api spec', build: 'vite build' }),
  importer('packages/api', '@shop/api', { spec: 'node spec.mjs' }),
  importer('packages/theme', 'theme', { compile: 'sass .' }),
  importer('packages/icons', '@shop/icons', { build: 'svgo .', 'build:all': 'svgo . -r' }),
];

/** Folders of the packages that the `build` script of apps/web names. */
function named(build: string, scripts: Readonly<Record<string, string>> = {}): string[] {
  const web = importer('apps/web', '@shop/web', { build, ...scripts });
  const importers = [...others, web];
  const byName = new Map(importers.map(({ id, name }) => [name, id]));
  return scriptEdges(web, [{ importer: web, script: 'build' }], { importers, byName }).map(({ to }) => to);
}

test.each([
  ['pnpm --filter theme compile && vite build', ['packages/theme']],
  ['pnpm --filter=@shop/icons... run build', ['packages/icons']],
  ['pnpm -F "./packages/theme" compile', ['packages/theme']],
  ['pnpm -F {../../packages/theme}... compile', ['packages/theme']],
  ['pnpm -C ../../packages/icons build', ['packages/icons']],
  ['npm -w theme run compile', ['packages/theme']],
  ['npm run build --workspace=packages/icons', ['packages/icons']],
  ['npm --prefix ../../packages/icons run build', ['packages/icons']],
  ['cross-env A=1 yarn workspace @shop/icons build', ['packages/icons']],
  ['yarn --cwd ../../packages/icons build', ['packages/icons']],
  ['bun run --filter theme compile', ['packages/theme']],
  ['turbo run build --filter=@shop/icons --filter=theme', ['packages/icons', 'packages/theme']],
  ['turbo run @shop/icons#build', ['packages/icons']],
  ['nx build @shop/icons', ['packages/icons']],
  ['nx run @shop/icons:build:production', ['packages/icons']],
  ['nx run-many -t build -p @shop/icons,theme', ['packages/icons', 'packages/theme']],
  ['npx lerna run build --scope @shop/icons', ['packages/icons']],
  ['(cd ../../packages/theme && npm run compile) && cd ../docs && pnpm build', ['packages/theme', 'apps/docs']],
  ['concurrently "pnpm --filter theme compile" "pnpm --filter @shop/icons build"', ['packages/theme', 'packages/icons']],
])('%s', (build, wanted) => {
  expect(named(build).sort()).toEqual([...wanted].sort());
});

test.each([
  'vite build --filter theme',
  'pnpm --filter "./packages/*" build',
  'pnpm -r --filter "!theme" build',
  'turbo run build --filter=!theme --filter=[HEAD^1]',
  'pnpm --filter @shop/web compile && cd dist && pnpm build',
  'tsc -p ../../packages/theme',
])('%s names none', (build) => {
  expect(named(build)).toEqual([]);
});

test('the scripts that a script starts are read too, of other packages and of the root', () => {
  expect(named('npm run prepare:docs && vite build', { 'prepare:docs': 'pnpm --filter docs generate' })).toEqual(['apps/docs', 'packages/api']);
  expect(named('run-s sub:*', { 'sub:theme': 'npm -w theme run compile' })).toEqual(['packages/theme']);
  expect(named('yarn --cwd ../.. tokens')).toEqual(['packages/theme']);
});

test('an edge tells the script that names the package', () => {
  const web = importer('apps/web', '@shop/web', { build: 'pnpm --filter docs generate' });
  const importers = [...others, web];
  const byName = new Map(importers.map(({ id, name }) => [name, id]));
  expect(scriptEdges(web, [{ importer: web, script: 'build' }], { importers, byName })).toEqual([
    { from: 'apps/web', to: 'apps/docs', kind: 'script', by: 'script "build"' },
    { from: 'apps/web', to: 'packages/api', kind: 'script', by: 'script "generate" of @shop/docs' },
  ]);
});
