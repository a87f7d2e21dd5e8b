import { afterEach, expect, test } from 'vitest';
import { listApps, type PackPlan, pack, readWorkspace } from '../../packages/core/src/index.ts';
import { layOut } from '../kit/cli.ts';

let repository: ReturnType<typeof layOut> | undefined;
afterEach(() => repository?.remove());

const root = {
  name: 'one',
  version: '0.0.0',
  private: true,
  packageManager: 'npm@11.19.1',
  dependencies: {
    '@nestjs/core': '^11.0.0',
    '@nestjs/platform-express': '^11.0.0',
    pg: '^8.0.0',
    pino: '^9.0.0',
    react: '^19.0.0',
    'type-fest': '^4.0.0',
  },
  devDependencies: {
    '@nx/webpack': '23.0.0',
    '@nx/react': '23.0.0',
    '@types/pg': '^8.0.0',
    jest: '^30.0.0',
    ms: '^2.0.0',
    nx: '23.0.0',
    tslib: '^2.0.0',
  },
};

const peers: Readonly<Record<string, unknown>> = {
  '@nestjs/core': { peerDependenciesMeta: { '@nestjs/platform-express': { optional: true } } }, // such as @nestjs/apollo has one
};

/** An integrated workspace: one manifest; an API that uses two libraries, and a front end. */
function files(versions: Readonly<Record<string, string>> = {}): Record<string, string> {
  const packages = Object.entries({ ...root.dependencies, ...root.devDependencies }).map(([name, range]) => [
    `node_modules/${name}`,
    {
      version: versions[name] ?? range.replace('^', ''),
      ...((name in root.devDependencies ? { dev: true } : {}) as object),
      ...(peers[name] as object),
    },
  ]);
  const { packageManager: _, private: __, ...inLock } = root;
  return {
    'package.json': JSON.stringify(root),
    'package-lock.json': JSON.stringify(
      { name: 'one', version: '0.0.0', lockfileVersion: 3, requires: true, packages: { '': inLock, ...Object.fromEntries(packages) } },
      null,
      2,
    ),
    'nx.json': JSON.stringify({
      nxCloudAccessToken: 'secret',
      plugins: ['@stowage/nx', { plugin: '@nx/webpack/plugin' }, { plugin: '@nx/jest/plugin' }, '@nx/react/router-plugin'],
    }),
    'tsconfig.base.json': JSON.stringify({
      compilerOptions: { paths: { '@one/a': ['./libs/a/src/index.ts'], '@one/b': ['./libs/b/src/index.ts'] } },
    }),
    'apps/api/project.json': JSON.stringify({ name: 'api', projectType: 'application', targets: {}, implicitDependencies: ['proto'] }),
    'apps/api/tsconfig.json': '{ "extends": "../../tsconfig.base.json" }',
    'apps/api/webpack.config.js': "module.exports = { output: { path: join(__dirname, '../../dist/apps/api') } };",
    'apps/api/src/main.ts':
      "import { NestFactory } from '@nestjs/core';\nimport { a } from '@one/a';\nimport type { X } from 'type-fest';\nvoid [NestFactory, a];",
    'apps/api/src/main.spec.ts': "import 'jest';",
    'libs/a/project.json': '{ "name": "a", "projectType": "library" }',
    'libs/a/tsconfig.json': '{ "extends": "../../tsconfig.base.json" }',
    'libs/a/src/index.ts': "export * from '@one/b';",
    'libs/b/project.json': '{ "name": "b", "projectType": "library" }',
    'libs/b/tsconfig.json': '{ "extends": "../../tsconfig.base.json" }',
    'libs/b/src/index.ts': "import ms from 'ms';\nexport const b = knex({ client: 'pg', every: ms(1) });",
    'libs/proto/project.json': '{ "name": "proto" }',
    'libs/proto/x.proto': '',
    'apps/web/project.json': JSON.stringify({ name: 'web', projectType: 'application', targets: { build: { executor: '@nx/react:x' } } }),
    'apps/web/index.html': '',
    'apps/web/src/main.tsx': "import 'react';",
    'apps/api-e2e/project.json': '{ "name": "api-e2e", "projectType": "application", "targets": { "e2e": {} } }',
  };
}

async function plan(record: Readonly<Record<string, string>>, app = 'api'): Promise<PackPlan> {
  repository?.remove();
  repository = layOut(record);
  return pack(await readWorkspace(repository.folder), app);
}

function text({ files }: PackPlan, path: string): string {
  const file = files.find((each) => each.path === path);
  return file !== undefined && 'text' in file ? file.text : '';
}

const installed = (plan: PackPlan, mode: 'deps' | 'prod') => JSON.parse(text(plan, `${mode}/package.json`));

test('apps are projects that something builds', async () => {
  repository = layOut(files());
  expect(listApps(await readWorkspace(repository.folder)).map(({ id, preset }) => `${id} ${preset}`)).toEqual(['apps/api nx', 'apps/web nx']);
});

test('the closure is in the imports, and in implicitDependencies for the build alone', async () => {
  const { closure } = await plan(files());
  expect(closure.build).toEqual(['apps/api', 'libs/a', 'libs/b', 'libs/proto']);
  expect(closure.runtime).toEqual(['apps/api', 'libs/a', 'libs/b']);
});

test('at run time: values that are imported, wherever the root lists them; drivers named by a string; optional peers', async () => {
  const prod = installed(await plan(files()), 'prod');
  expect(Object.keys(prod.dependencies)).toEqual(['@nestjs/core', '@nestjs/platform-express', 'ms', 'pg', 'tslib']);
  expect(prod.devDependencies).toBeUndefined();
});

test('for the build: imports, toolchain, plugins that build one of these projects, types; not what only tests or other apps use', async () => {
  const deps = installed(await plan(files()), 'deps');
  expect(Object.keys(deps.dependencies)).toEqual(['@nestjs/core', '@nestjs/platform-express', 'pg', 'type-fest']);
  expect(Object.keys(deps.devDependencies)).toEqual(['@nx/webpack', '@types/pg', 'ms', 'nx', 'tslib']);
});

test("another app's dependency changes no install, one's own does", async () => {
  const before = await plan(files());
  const others = await plan(files({ react: '19.1.0', jest: '30.1.0', '@nx/react': '23.1.0' }));
  const own = await plan(files({ pg: '8.1.0' }));
  expect(others.identities).toEqual(before.identities);
  expect(own.identities.deps).not.toBe(before.identities.deps);
  expect(own.identities.prod).not.toBe(before.identities.prod);
});

test('nx.json in the image: no plugin that is not installed, no token, sources analysed as in the whole repository', async () => {
  const nxJson = JSON.parse(text(await plan(files()), 'src/nx.json'));
  expect(nxJson).toEqual({ plugins: [{ plugin: '@nx/webpack/plugin' }], pluginsConfig: { '@nx/js': { analyzeSourceFiles: true } } });
});

test('Stowage installs itself in no image, nor has Nx load it', async () => {
  const listed = JSON.parse(JSON.stringify(root));
  listed.devDependencies['@stowage/nx'] = '1.0.0';
  const record = files();
  const lock = JSON.parse(record['package-lock.json'] ?? '');
  lock.packages[''].devDependencies['@stowage/nx'] = '1.0.0';
  lock.packages['node_modules/@stowage/nx'] = { version: '1.0.0', dev: true };
  const packed = await plan({
    ...record,
    'package.json': JSON.stringify(listed),
    'package-lock.json': JSON.stringify(lock),
    'apps/api/stowage.json': '{ "deps": "full" }',
  });
  expect(installed(packed, 'deps').devDependencies).toEqual(root.devDependencies);
  expect(text(packed, 'deps/package-lock.json')).not.toContain('@stowage/nx');
});

test('Nx builds, and what it made runs', async () => {
  const dockerfile = text(await plan(files()), 'Dockerfile');
  expect(dockerfile).toContain('node_modules/.bin/nx run api:build --skipSync');
  expect(dockerfile).toContain('["dist/apps/api",true,[],[]]');
  expect(dockerfile).toContain('CMD ["node", "../../dist/apps/api/main.js"]');
});

test('packages can be named, and the whole root asked for', async () => {
  const named = await plan({ ...files(), 'apps/api/stowage.json': '{ "packages": ["pino"] }' });
  expect(Object.keys(installed(named, 'prod').dependencies)).toContain('pino');
  const whole = await plan({ ...files(), 'apps/api/stowage.json': '{ "deps": "full" }' });
  expect(installed(whole, 'deps').devDependencies).toEqual(root.devDependencies);
  expect(installed(whole, 'prod').dependencies).toEqual(root.dependencies);
});

test('where the lockfile tells no peers the whole root is installed, and said so', async () => {
  const { 'package-lock.json': _, ...others } = files();
  const all = { ...root.dependencies, ...root.devDependencies };
  const lock = Object.entries(all).map(([name, range]) => `"${name}@${range}":\n  version "${range.replace('^', '')}"\n`);
  const plan_ = await plan({
    ...others,
    'package.json': JSON.stringify({ ...root, packageManager: 'yarn@1.22.22' }),
    'yarn.lock': `# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.\n# yarn lockfile v1\n\n\n${lock.join('\n')}`,
  });
  expect(installed(plan_, 'deps').devDependencies).toEqual(root.devDependencies);
  expect(plan_.diagnostics.map(({ code }) => code)).toContain('whole-root-installed');
});

test('a script that a workspace has beside Nx is its build', async () => {
  const record: Record<string, string> = {
    ...files(),
    'package.json': JSON.stringify({ ...root, workspaces: ['apps/web'] }),
    'apps/web/package.json': '{ "name": "web", "scripts": { "build": "vite build" } }',
  };
  const lock = JSON.parse(record['package-lock.json'] as string);
  lock.packages[''].workspaces = ['apps/web'];
  lock.packages['apps/web'] = { name: 'web' };
  lock.packages['node_modules/web'] = { resolved: 'apps/web', link: true };
  record['package-lock.json'] = JSON.stringify(lock);
  const planned = await plan(record, 'web');
  expect(text(planned, 'Dockerfile')).toContain('node_modules/.bin/nx run-many --targets=build --projects=web');
  expect(installed(planned, 'deps').devDependencies).toEqual(root.devDependencies);
});
