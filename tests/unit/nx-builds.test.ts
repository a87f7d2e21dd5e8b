import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { requiredProgram } from '../../packages/core/src/dockerfile/required.ts';
import { listApps, type PackPlan, pack, readWorkspace } from '../../packages/core/src/index.ts';
import { layOut } from '../kit/cli.ts';

let repository: ReturnType<typeof layOut> | undefined;
afterEach(() => repository?.remove());

interface Entry {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** An integrated npm workspace: an API that Nx builds by these options, another project, and what the root lists and its lockfile holds. */
async function plan(options: {
  readonly build?: object;
  readonly targets?: object;
  readonly nxJson?: object;
  readonly listed?: Readonly<Record<string, string>>;
  readonly locked?: Readonly<Record<string, Entry>>;
  readonly files?: Readonly<Record<string, string>>;
}): Promise<PackPlan> {
  const { build = {}, targets = {}, nxJson = {}, listed = {}, locked = {} } = options;
  const root = { name: 'one', version: '0.0.0', devDependencies: { nx: '23.0.0', ...listed } };
  const packages = Object.entries({ nx: { version: '23.0.0' }, ...locked }).map(([name, entry]) => [`node_modules/${name}`, { ...entry, dev: true }]);
  const lock = { name: 'one', version: '0.0.0', lockfileVersion: 3, requires: true, packages: { '': root, ...Object.fromEntries(packages) } };
  repository?.remove();
  repository = layOut({
    'package.json': JSON.stringify({ ...root, packageManager: 'npm@11.19.1' }),
    'package-lock.json': JSON.stringify(lock, null, 2),
    'nx.json': JSON.stringify(nxJson),
    'apps/api/project.json': JSON.stringify({
      name: 'api',
      projectType: 'application',
      targets: { build: { executor: 'nx:run-commands', ...build }, ...targets },
    }),
    'apps/api/src/main.ts': '',
    'apps/web/project.json': '{ "name": "web" }',
    'apps/web/src/locales/de.json': '{}',
    'apps/web/src/main.ts': '',
    ...options.files,
  });
  return pack(await readWorkspace(repository.folder), 'api');
}

const dockerfile = ({ files }: PackPlan) => textOf(files.find(({ path }) => path === 'Dockerfile'));
const textOf = (file: PackPlan['files'][number] | undefined): string => (file !== undefined && 'text' in file ? file.text : '');
const json = ({ files }: PackPlan, path: string) => JSON.parse(textOf(files.find((file) => file.path === path)));
const sources = ({ files }: PackPlan) => files.map(({ path }) => path).filter((path) => path.startsWith('src/apps/web/'));

test('a target is built for production where it can be and names no other configuration', async () => {
  const configurations = { production: { outputPath: 'dist/prod' }, ci: { outputPath: 'dist/ci' } };
  const first = dockerfile(await plan({ build: { configurations } }));
  expect(first).toContain('nx run api:build:production --skipSync');
  expect(first).toContain('["dist/prod",true,[],[]]');
  expect(dockerfile(await plan({ build: { configurations, defaultConfiguration: 'ci' } }))).toContain('nx run api:build:ci --skipSync');
  expect(dockerfile(await plan({ build: { configurations, defaultConfiguration: '' } }))).toContain('nx run api:build --skipSync');
  const targetDefaults = { build: { defaultConfiguration: 'ci' } };
  expect(dockerfile(await plan({ build: { configurations }, nxJson: { targetDefaults } }))).toContain('["dist/ci",true,[],[]]');
});

test("the output: the folder of the pages of an Angular application; that of a plugin in a webpack config is the root's", async () => {
  const page = { 'apps/api/src/index.html': '' };
  const angular = (outputPath: unknown) => plan({ build: { executor: '@nx/angular:application', options: { outputPath } }, files: page });
  expect(dockerfile(await angular('dist/apps/api'))).toContain('/app/dist/apps/api/browser');
  expect(dockerfile(await angular({ base: 'dist/site', browser: '' }))).toContain('/app/dist/site ');
  const older = { executor: '@nx/angular:browser-esbuild', options: { outputPath: 'dist/apps/api' } };
  expect(dockerfile(await plan({ build: older, files: page }))).toContain('/app/dist/apps/api ');
  const config = (value: string) => plan({ files: { 'apps/api/webpack.config.js': `module.exports = { outputPath: '${value}' };` } });
  expect(dockerfile(await config('dist/apps/api'))).toContain('["dist/apps/api",true,[],[]]');
  expect(dockerfile(await config('./built'))).toContain('["apps/api/built",true,[],[]]');
});

test('an Angular application with a server is the program that its build bundles, without an install; one that prerenders alone is files', async () => {
  const angular = (options: object) =>
    plan({
      build: { executor: '@angular/build:application', options: { outputPath: 'dist/apps/api', ...options } },
      files: { 'apps/api/src/index.html': '' },
    });
  const server = dockerfile(await angular({ ssr: { entry: 'apps/api/src/server.ts' }, outputMode: 'server' }));
  expect(server).toContain('cp -aT dist/apps/api /out/dist/apps/api');
  expect(server).toContain('CMD ["node", "../../dist/apps/api/server/server.mjs"]');
  expect(server).toContain('EXPOSE 4000');
  expect(server).not.toContain('prod-deps');
  const prerendered = dockerfile(await angular({ ssr: true, outputMode: 'static' }));
  expect(prerendered).toContain('/app/dist/apps/api/browser');
  expect(prerendered).toContain('/index.csr.html');
});

test('a program listens where the container is asked, as the Dockerfiles of Nx have it', async () => {
  expect(dockerfile(await plan({}))).toContain('HOST=0.0.0.0');
});

test("files of other projects that the build's targets name are there: assets, commands, targets that it depends on", async () => {
  const assets = { options: { assets: [{ input: 'apps/web/src/locales', glob: '**/*', output: 'locales' }] } };
  expect(sources(await plan({ build: assets }))).toEqual(['src/apps/web/src/locales/de.json']);
  const copy = { executor: 'nx:run-commands', options: { commands: [{ command: 'shx cp -r apps/web/src/locales/* dist/apps/api' }] } };
  expect(sources(await plan({ build: { dependsOn: ['^build', 'copy'] }, targets: { copy } }))).toEqual(['src/apps/web/src/locales/de.json']);
  expect(sources(await plan({ targets: { copy } }))).toEqual([]);
  const inFolder = { command: 'cp ../web/src/locales/de.json .', options: { cwd: 'apps/api' } };
  expect(sources(await plan({ build: inFolder }))).toEqual(['src/apps/web/src/locales/de.json']);
});

test('what of the repository Nx loads to build a project is there, with what it loads: plugins and executors by path and by name', async () => {
  const planned = await plan({
    nxJson: { plugins: ['./tools/plugin.js', { plugin: '@one/plugin' }, '@one/preset/plugin'] },
    build: { executor: './tools/executors:bundle' },
    listed: { bundler: '1.0.0', 'left-pad': '1.0.0', yaml: '1.0.0', zod: '1.0.0' },
    locked: { bundler: { version: '1.0.0' }, 'left-pad': { version: '1.0.0' }, yaml: { version: '1.0.0' }, zod: { version: '1.0.0' } },
    files: {
      'tsconfig.base.json': '{ "compilerOptions": { "paths": { "@one/plugin": ["libs/plugin/src/index.ts"] } } }',
      'tools/plugin.js': "require('./names');\nrequire('left-pad');",
      'tools/names.js': '',
      'tools/executors/executors.json': '{ "executors": { "bundle": { "implementation": "./bundle" } } }',
      'tools/executors/bundle.js': "require('bundler');",
      'libs/plugin/project.json': '{ "name": "plugin" }',
      'libs/preset/project.json': '{ "name": "@one/preset" }',
      'libs/plugin/src/index.ts': "import 'yaml';",
    },
  });
  expect(planned.closure).toMatchObject({ build: ['apps/api', 'libs/plugin', 'libs/preset'], runtime: ['apps/api'] });
  const paths = planned.files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['plugin.js', 'names.js', 'executors/executors.json', 'executors/bundle.js'].map((path) => `src/tools/${path}`)),
  );
  expect(Object.keys(json(planned, 'deps/package.json').devDependencies)).toEqual(['bundler', 'left-pad', 'nx', 'yaml']);
  expect(json(planned, 'prod/package.json').devDependencies).toBeUndefined();
});

test('what a configuration that bundlers share imports is installed', async () => {
  const planned = await plan({
    listed: { merge: '1.0.0' },
    locked: { merge: { version: '1.0.0' } },
    files: { 'apps/api/webpack.config.js': "require('../../webpack.base.js');", 'webpack.base.js': "require('merge');" },
  });
  expect(Object.keys(json(planned, 'deps/package.json').devDependencies)).toEqual(['merge', 'nx']);
});

test('the output by defaults of targets, by the outputs of a target, and the name of the program', async () => {
  const targetDefaults = { '@nx/esbuild:esbuild': { options: { outputPath: 'built/{projectRoot}' } }, build: { options: { outputPath: 'other' } } };
  const esbuild = dockerfile(
    await plan({ build: { executor: '@nx/esbuild:esbuild', options: { outputFileName: 'server.cjs' } }, nxJson: { targetDefaults } }),
  );
  expect(esbuild).toContain('["built/apps/api",true,[],[]]');
  expect(esbuild).toContain('CMD ["node", "../../built/apps/api/server.cjs"]');
  expect(dockerfile(await plan({ build: { outputs: ['{workspaceRoot}/made/{projectName}'] } }))).toContain('["made/api",true,[],[]]');
  const told = { outputs: ['{options.outDir}'], options: { outDir: 'apps/api/lib' } };
  expect(dockerfile(await plan({ build: told }))).toContain('["apps/api/lib",true,[],[]]');
});

test('a plugin whose targets have names of their own makes no build', async () => {
  const apps = async (options: object) => {
    const files = { 'apps/web/project.json': '{ "name": "web", "projectType": "application" }', 'apps/web/webpack.config.js': '' };
    await plan({ nxJson: { plugins: [{ plugin: '@nx/webpack/plugin', options }] }, files });
    return listApps(await readWorkspace((repository as ReturnType<typeof layOut>).folder)).map(({ id }) => id);
  };
  expect(await apps({})).toEqual(['apps/api', 'apps/web']);
  expect(await apps({ buildTargetName: 'bundle' })).toEqual(['apps/api']);
});

test('a module that is loaded by a name made at run time is told of, unless the config names packages', async () => {
  const source =
    "import { join } from 'node:path';\n// require(name)\nrequire(join(__dirname, 'x'));\nexport const driver = (name: string) => import(name);";
  const told = ({ diagnostics }: PackPlan) => diagnostics.filter(({ code }) => code === 'name-made-at-run-time');
  const files = { 'apps/api/src/main.ts': source };
  expect(told(await plan({ files }))).toEqual([expect.objectContaining({ level: 'warning', file: 'apps/api/src/main.ts', line: 4 })]);
  expect(told(await plan({ files: { ...files, 'apps/api/stowage.json': '{ "packages": [] }' } }))).toEqual([]);
});

test('sources that the config names are there at run time, beside what was built', async () => {
  const files = { 'apps/api/stowage.json': '{ "runtimeInclude": ["src/*.graphql"] }', 'apps/api/src/schema.graphql': '' };
  const planned = dockerfile(await plan({ build: { options: { outputPath: 'dist/apps/api' } }, files }));
  expect(planned).toContain('["dist/apps/api",true,[],[]],\n  ["apps/api",true,["src/schema.graphql"],[]],');
});

test('sources that the repository has Nx not analyse are not analysed in the image', async () => {
  const told = (analyzeSourceFiles: boolean) => ({ pluginsConfig: { '@nx/js': { analyzeSourceFiles } } });
  for (const analyse of [true, false]) {
    const planned = await plan({ nxJson: told(analyse), listed: { '@nx/js': '23.0.0' }, locked: { '@nx/js': { version: '23.0.0' } } });
    expect(json(planned, 'src/nx.json').pluginsConfig['@nx/js'].analyzeSourceFiles).toBe(analyse);
  }
  const without = await plan({});
  expect(json(without, 'src/nx.json').pluginsConfig['@nx/js'].analyzeSourceFiles).toBe(false);
});

test('what is used and not listed is brought by the package of the root that has it, and no other', async () => {
  const entry = (...names: string[]): Entry => ({ version: '1.0.0', dependencies: Object.fromEntries(names.map((name) => [name, '1.0.0'])) });
  const listed = { '@nx/angular': '1.0.0', '@nx/nest': '1.0.0', '@stowage/nx': '1.0.0', adapter: '1.0.0', zod: '1.0.0' };
  const locked = {
    '@stowage/nx': entry('express'), // itself in no image
    ...{ '@nx/angular': entry('@nx/webpack'), '@nx/nest': entry(), adapter: entry('express'), zod: entry() },
    ...{ '@nx/webpack': entry(), express: entry() },
  };
  const planned = await plan({
    nxJson: { plugins: ['@nx/webpack/plugin', './tools/own-plugin'] },
    listed,
    locked,
    files: {
      'apps/api/webpack.config.js': "require('@nx/webpack/app-plugin');",
      'apps/api/src/main.ts': "import express from 'express';\nimport 'nobody-has-it';\nexpress();",
    },
  });
  expect(Object.keys(json(planned, 'deps/package.json').devDependencies)).toEqual(['@nx/angular', 'adapter', 'nx']);
  expect(Object.keys(json(planned, 'prod/package.json').dependencies)).toEqual(['adapter']);
  expect(planned.diagnostics.filter(({ code }) => code === 'installed-for-another').map(({ message }) => message)).toEqual([
    expect.stringContaining('"express" is used and not in the root manifest: adapter is installed'),
    expect.stringContaining('"@nx/webpack" is used and not in the root manifest: @nx/angular'),
  ]);
});

test("what Nx loads to run a builder of Angular's is where Nx finds it: below a package that depends on it is not enough", async () => {
  const architect = '@angular-devkit/architect';
  const planned = await plan({
    build: { executor: '@angular/build:application', options: { outputPath: 'dist/apps/api' } },
    listed: { '@angular/build': '2.0.0', '@angular-devkit/core': '2.0.0', brings: '1.0.0', rxjs: '1.0.0', zod: '1.0.0' },
    locked: {
      '@angular/build': { version: '2.0.0', dependencies: { [architect]: '2.0.0' } },
      [`@angular/build/node_modules/${architect}`]: { version: '2.0.0' },
      [architect]: { version: '1.0.0' },
      '@angular-devkit/core': { version: '2.0.0' },
      brings: { version: '1.0.0', dependencies: { [architect]: '1.0.0' } },
      ...{ rxjs: { version: '1.0.0' }, zod: { version: '1.0.0' } },
    },
  });
  expect(Object.keys(json(planned, 'deps/package.json').devDependencies)).toEqual(['@angular-devkit/core', '@angular/build', 'brings', 'nx', 'rxjs']);
});

test('the build stage tells what a built file loads and the image would lack, with the key to set', async () => {
  expect(dockerfile(await plan({}))).toContain('is not installed at run time');
  const run = (built: string, narrowed = true) => {
    repository?.remove();
    repository = layOut({
      'app/package.json': '{ "dependencies": { "listed": "1" }, "devDependencies": { "tslib": "2" } }',
      ...Object.fromEntries(['listed', 'tslib', '@some/phantom', 'there', 'optional'].map((name) => [`app/node_modules/${name}/package.json`, '{}'])),
      ...Object.fromEntries(['there', '@scope/there'].map((name) => [`prod/node_modules/${name}/package.json`, '{}'])),
      'out/dist/apps/api/node_modules/own/index.js': "require('listed')",
      'out/dist/apps/api/main.js': built,
      'out/libs/a/some.config.js': "require('listed')",
    });
    const { folder } = repository;
    const program = requiredProgram('dist/apps/api', 'apps/api', narrowed).replace(/'\/(out|app|prod)(?=[/'])/g, (_, top) => `'${join(folder, top)}`);
    const { status, stderr } = spawnSync(process.execPath, ['-'], { input: program, encoding: 'utf8' });
    return { status, stderr };
  };
  const fine = `require('node:fs'); require("path"); const t = require('there/deep'); import '@scope/there'; import x from './x.js';
    // require('listed')
    /* import 'tslib' */
    try { x = require('optional') } catch {}
    require('nowhere'); require(name); import('own');`;
  expect(run(fine)).toEqual({ status: 0, stderr: '' });
  expect(run('const t = require(\'listed/sub\');import{a as b}from"tslib";')).toEqual({
    status: 1,
    stderr: `dist/apps/api/main.js loads "listed", which is not installed at run time: name it in the config of the app, "packages": ["listed"].
dist/apps/api/main.js loads "tslib", which is not installed at run time: name it in the config of the app, "packages": ["tslib"].\n`,
  });
  expect(run("require('listed')", false).stderr).toContain('add it to the "dependencies" of apps/api/package.json.');
  expect(run("await import('@some/phantom/x')").stderr).toBe(
    'dist/apps/api/main.js loads "@some/phantom", which is not installed at run time: add it to the "dependencies" of apps/api/package.json.\n',
  );
});
