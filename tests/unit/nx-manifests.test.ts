import { afterEach, expect, test } from 'vitest';
import { listApps, type PackPlan, pack, readWorkspace } from '../../packages/core/src/index.ts';
import { layOut } from '../kit/cli.ts';

let repository: ReturnType<typeof layOut> | undefined;
afterEach(() => repository?.remove());

type Names = Readonly<Record<string, string>>;

interface Locked {
  readonly version?: string;
  readonly peerDependencies?: Names;
}

/** A workspace as `create-nx-workspace` makes it: near-empty manifests, and what is of a registry in the root's. */
function files(
  options: { readonly root?: object; readonly locked?: Readonly<Record<string, Locked>>; readonly more?: Names } = {},
): Record<string, string> {
  const root = {
    name: '@org/source',
    workspaces: ['apps/*', 'packages/*'],
    dependencies: { '@nestjs/core': '1.0.0', 'reflect-metadata': '1.0.0', react: '1.0.0', pino: '1.0.0' },
    devDependencies: {
      '@nx/vite': '1.0.0',
      '@nx/webpack': '1.0.0',
      nx: '1.0.0',
      jest: '1.0.0',
      tslib: '1.0.0',
      typescript: '1.0.0',
      vite: '1.0.0',
      'webpack-cli': '1.0.0',
      ...{ eslint: '1.0.0', 'cross-env': '1.0.0', '@nestjs/cli': '1.0.0' },
    },
    ...options.root,
  };
  const record: Record<string, string> = {
    'package.json': JSON.stringify({ ...root, packageManager: 'npm@11.19.1' }),
    'nx.json': '{ "plugins": ["@nx/webpack/plugin", "@nx/vite/plugin", "@nx/eslint/plugin"] }',
    'apps/api/package.json': JSON.stringify({
      name: '@org/api',
      nx: { targets: { serve: { executor: '@nx/js:node' }, test: { command: 'jest' }, prune: { executor: '@nx/js:prune-lockfile' } } },
      scripts: { lint: 'eslint .' },
      dependencies: { '@org/a': '*', helmet: '1.0.0' },
      devDependencies: { '@org/b': '*', '@org/types': '*' },
    }),
    'apps/api/webpack.config.js': "require('@nx/webpack/app-plugin');",
    'apps/api/src/main.ts':
      "import 'reflect-metadata';\nimport { NestFactory } from '@nestjs/core';\nimport { a } from '@org/a';\nimport { b } from '@org/b';\nimport type { T } from '@org/types';\nvoid [NestFactory, a, b];",
    'apps/web/package.json': '{ "name": "@org/web", "nx": { "targets": { "serve": {} } } }',
    'apps/web/vite.config.ts': "import 'vite';",
    'apps/web/index.html': '',
    'apps/web/src/main.tsx': "import 'react';",
    'packages/a/package.json': '{ "name": "@org/a", "main": "src/index.ts" }',
    'packages/a/src/index.ts': "import 'pino';",
    'packages/b/package.json': '{ "name": "@org/b", "main": "src/index.ts", "dependencies": { "ms": "1.0.0" } }',
    'packages/b/src/index.ts': "export { default as b } from 'ms';",
    'packages/types/package.json': '{ "name": "@org/types", "main": "src/index.ts", "dependencies": { "zod": "1.0.0" } }',
    'packages/types/src/index.ts': "import 'zod';",
    ...options.more,
  };
  return { ...record, 'package-lock.json': lockOf(record, options.locked ?? {}) };
}

function lockOf(record: Names, locked: Readonly<Record<string, Locked>>): string {
  const manifests = Object.entries(record).filter(([path]) => path.endsWith('package.json'));
  const read = manifests.map(([path, text]) => [path.replace(/\/?package\.json$/, ''), JSON.parse(text)] as const);
  const members = read.filter(([id]) => id !== '');
  const names = read.flatMap(([, { dependencies, devDependencies, peerDependencies }]) =>
    Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }),
  );
  const registry = [...new Set(names)].filter((name) => !name.startsWith('@org/'));
  const packages = {
    ...Object.fromEntries(read.map(([id, { packageManager: _, scripts: __, nx: ___, ...manifest }]) => [id, manifest])),
    ...Object.fromEntries(members.map(([id, { name }]) => [`node_modules/${name}`, { resolved: id, link: true }])),
    ...Object.fromEntries(registry.map((name) => [`node_modules/${name}`, { version: '1.0.0', ...locked[name] }])),
  };
  return JSON.stringify({ name: '@org/source', lockfileVersion: 3, requires: true, packages }, null, 2);
}

async function plan(record: Names, app = '@org/api'): Promise<PackPlan> {
  repository?.remove();
  repository = layOut(record);
  return pack(await readWorkspace(repository.folder), app);
}

function text({ files }: PackPlan, path: string): string {
  const file = files.find((each) => each.path === path);
  return file !== undefined && 'text' in file ? file.text : '';
}

/** Names that the root of an install lists. */
function listed(plan: PackPlan, mode: 'deps' | 'prod'): string[] {
  const { dependencies, devDependencies } = JSON.parse(text(plan, `${mode}/package.json`));
  return Object.keys({ ...dependencies, ...devDependencies }).sort();
}

const codes = ({ diagnostics }: PackPlan): string[] => diagnostics.map(({ code }) => code);

test('an app that Nx builds installs of the root what it needs, though it and its libraries have manifests', async () => {
  const planned = await plan(files());
  expect(listed(planned, 'deps')).toEqual(['@nestjs/core', '@nx/webpack', 'nx', 'pino', 'reflect-metadata', 'tslib', 'typescript', 'webpack-cli']);
  expect(listed(planned, 'prod')).toEqual(['@nestjs/core', 'pino', 'reflect-metadata', 'tslib']);
  expect(listed(await plan(files(), '@org/web'), 'deps')).toEqual(['@nx/vite', 'nx', 'react', 'tslib', 'typescript', 'vite']);
});

test("another app's dependency, or a tool that only tests use, changes no install; one's own does", async () => {
  const before = await plan(files());
  const of = (...names: string[]) => files({ locked: Object.fromEntries(names.map((name) => [name, { version: '1.0.0', license: 'MIT' }])) });
  expect((await plan(of('react', '@nx/vite', 'vite', 'jest', 'eslint'))).identities).toEqual(before.identities);
  const own = await plan(of('pino'));
  expect([own.identities.deps === before.identities.deps, own.identities.prod === before.identities.prod]).toEqual([false, false]);
});

test('a library among the devDependencies that the sources load runs with the app; one for its types alone does not', async () => {
  const planned = await plan(files());
  expect(planned.closure.build).toEqual(['apps/api', 'packages/a', 'packages/b', 'packages/types']);
  expect(planned.closure.runtime).toEqual(['apps/api', 'packages/a', 'packages/b']);
  expect(Object.keys(JSON.parse(text(planned, 'prod/package-lock.json')).packages)).toEqual(
    expect.arrayContaining(['node_modules/helmet', 'node_modules/ms']),
  );
  expect(text(planned, 'prod/package-lock.json')).not.toContain('zod');
});

test('what a script builds has its devDependencies for the build alone, and all of the root', async () => {
  const manifest = { name: '@org/api', scripts: { build: 'tsc', start: 'node dist/main.js' }, devDependencies: { '@org/b': '*' } };
  const planned = await plan(files({ more: { 'apps/api/package.json': JSON.stringify(manifest) } }));
  expect(planned.closure.build).toContain('packages/b');
  expect(planned.closure.runtime).not.toContain('packages/b');
  expect(listed(planned, 'deps')).toEqual(expect.arrayContaining(['eslint', 'jest', 'react']));
});

test('what a package of its own wants as a peer is installed, as far as the root has it', async () => {
  const root = { dependencies: { redis: '1.0.0', react: '1.0.0' }, devDependencies: { nx: '1.0.0' } };
  const more = { 'packages/a/src/index.ts': '', 'apps/api/src/main.ts': '' };
  const locked = { helmet: { peerDependencies: { redis: '1' } } };
  expect(listed(await plan(files({ root, locked, more })), 'prod')).toEqual(['redis']);
});

test('a command of the build whose package no name tells: all of the root, said with the command, unless the config names packages', async () => {
  const built = (command: string, config = '{}') =>
    plan(
      files({
        more: {
          'packages/a/project.json': JSON.stringify({ targets: { build: { command } } }),
          'apps/api/project.json': '{ "targets": { "build": { "dependsOn": ["^build"] } } }',
          'apps/api/stowage.json': config,
        },
      }),
    );
  const known = await built('cross-env A=1 nest build && cp -r a b; node x.js && tsc -p .');
  expect(listed(known, 'deps')).toEqual(expect.arrayContaining(['@nestjs/cli', 'cross-env', 'typescript']));
  expect(listed(known, 'deps')).not.toContain('eslint');
  const unknown = await built('protoc --out=.');
  expect(listed(unknown, 'deps')).toEqual(expect.arrayContaining(['eslint', 'jest', 'react']));
  expect(unknown.diagnostics.find(({ code }) => code === 'whole-root-installed')?.message).toContain('"protoc" (protoc --out=.)');
  const named = await built('protoc --out=.', '{ "packages": [] }');
  expect(listed(named, 'deps')).not.toContain('eslint');
  expect(codes(named)).not.toContain('whole-root-installed');
  expect(listed(await built('tsc', '{ "deps": "full" }'), 'deps')).toContain('eslint');
});

test('what Nx builds outside the folder of an app is in its image, and asked for packages that the image would lack', async () => {
  const planned = text(
    await plan(files({ more: { 'apps/api/webpack.config.js': "module.exports = { output: { path: join(__dirname, '../../dist/apps/api') } };" } })),
    'Dockerfile',
  );
  expect(planned).toContain('["dist/apps/api",true,[],[]]');
  expect(planned).toContain('nx run @org/api:build --skipSync');
  expect(planned).toContain('is not installed at run time');
  expect(planned).toContain('apps/api/package.json');
});

/** A workspace whose root is the app, with the scripts that Nx gives it. */
const standalone = (more: Names = {}, dependency = 'express'): Record<string, string> => {
  const record: Record<string, string> = {
    'package.json': JSON.stringify({
      name: '@shop/source',
      packageManager: 'npm@11.19.1',
      scripts: { start: 'nx serve', build: 'nx build', test: 'nx test' },
      nx: { includedScripts: [] },
      dependencies: { [dependency]: '1.0.0' },
      devDependencies: { '@nx/esbuild': '1.0.0', '@nx/vite': '1.0.0', jest: '1.0.0', nx: '1.0.0', tslib: '1.0.0' },
    }),
    'nx.json': '{ "plugins": ["@nx/vite/plugin"] }',
    'project.json': JSON.stringify({
      name: 'shop',
      projectType: 'application',
      targets: {
        build: { executor: '@nx/esbuild:esbuild', options: { outputPath: 'dist/shop', main: './src/main.ts' } },
        serve: { executor: '@nx/js:node' },
      },
    }),
    'src/main.ts': "import express from 'express';\nimport { a } from './lib';\nexpress(a);",
    ...more,
  };
  return { ...record, 'package-lock.json': lockOf(record, {}) };
};

test('a root that Nx builds and serves is packed as what Nx builds of it', async () => {
  for (const more of [{}, { 'e2e/project.json': '{ "name": "e2e", "projectType": "application", "targets": {} }' }]) {
    const planned = await plan(standalone(more), '.');
    expect(listApps(await readWorkspace((repository as NonNullable<typeof repository>).folder))).toMatchObject([{ id: '.', preset: 'nx' }]);
    expect(text(planned, 'Dockerfile')).toContain('nx run shop:build --skipSync');
    expect(text(planned, 'Dockerfile')).toContain('CMD ["node", "dist/shop/main.js"]');
    expect(codes(planned)).not.toContain('start-for-development');
    expect(listed(planned, 'deps')).toEqual(['@nx/esbuild', 'express', 'nx', 'tslib']);
    expect(listed(planned, 'prod')).toEqual(['express', 'tslib']);
  }
});

test('a front end on top of a workspace is its files', async () => {
  const project = '{ "name": "shop", "projectType": "application", "targets": {} }';
  const config = "export default { build: { outDir: './dist/shop' } };";
  const planned = await plan(standalone({ 'project.json': project, 'vite.config.mts': config, 'index.html': '', 'src/main.ts': '' }, 'react'), '.');
  expect(planned.app.preset).toBe('vite');
  expect(text(planned, 'Dockerfile')).toContain('nx run shop:build --skipSync');
  expect(text(planned, 'Dockerfile')).toContain('/app/dist/shop ');
});
