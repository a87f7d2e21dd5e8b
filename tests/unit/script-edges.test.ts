import { describe, expect, test } from 'vitest';
import { scriptEdges } from '../../packages/core/src/closure/script-edges.ts';
import { programsStarted, workspacePrograms } from '../../packages/core/src/closure/workspace-programs.ts';
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
  return scriptEdges(web, [{ importer: web, script: 'build' }], { importers, byName, byProgram: workspacePrograms(importers) }).map(({ to }) => to);
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
  expect(scriptEdges(web, [{ importer: web, script: 'build' }], { importers, byName, byProgram: new Map() })).toEqual([
    { from: 'apps/web', to: 'apps/docs', kind: 'script', by: 'script "build"' },
    { from: 'apps/web', to: 'packages/api', kind: 'script', by: 'script "generate" of @shop/docs' },
  ]);
});

test.each([
  ['acme-build --watch', ['acme-build']],
  ['NODE_ENV=production cross-env A=1 acme-build src && tsc', ['acme-build', 'tsc']],
  ['npx acme-build; pnpm exec other', ['acme-build', 'other']],
  ['yarn acme-build || true', ['acme-build', 'true']],
  ['concurrently "acme-build a" "other b"', ['concurrently', 'acme-build', 'other']],
  ['(acme-build)', ['acme-build']],
  ['echo acme-build', ['echo']],
])('the programs of %s', (command, wanted) => {
  expect(programsStarted(command)).toEqual(wanted);
});

describe('a program of another package', () => {
  const scripts: Importer = { id: 'tools/scripts', name: '@shop/scripts', manifest: { name: '@shop/scripts', bin: { 'shop-build': 'build.mjs' } } };
  const edgesOf = (web: Importer, ...more: Importer[]) => {
    const importers = [...others, scripts, ...more, web];
    const packages = { importers, byName: new Map(), byProgram: workspacePrograms(importers) };
    return scriptEdges(web, [{ importer: web, script: 'build' }], packages);
  };
  const web = importer('apps/web', '@shop/web', { build: 'shop-build --minify' });

  test('that a script calls is needed, and built by the plan', () => {
    expect(edgesOf(web)).toEqual([{ from: 'apps/web', to: 'tools/scripts', kind: 'program', by: 'script "build"' }]);
  });

  test('needs no edge where it is a dependency, and is nobody\u2019s where two offer it', () => {
    expect(edgesOf({ ...web, manifest: { ...web.manifest, devDependencies: { '@shop/scripts': 'workspace:*' } } })).toEqual([]);
    expect(edgesOf(web, { ...scripts, id: 'tools/other', name: 'other' })).toEqual([]);
  });
});
