import { afterEach, expect, test } from 'vitest';
import { entriesOf, importersOf, lockText } from '../kit/npm-lock.ts';
import { Repository } from '../kit/repository.ts';

/**
 * What real repositories taught, each in its smallest form. Lessons of one part alone are tests of that part: committed env files
 * (secrets), links and look-ups (root-files), undeclared imports and aliases (imports-closure), lockfiles behind their manifests (npm-prune,
 * bad-input), packages that are compiled (native-packages), a program that is one bundle (presets/node), a standalone build (presets/front-ends).
 *
 * One repository for all: an app whose bundler finds a package by an alias alone, reads its env files two folders up, and is built by a tool that
 * only the root installs.
 */
const files = {
  'package.json': `${JSON.stringify({
    name: 'shop',
    private: true,
    packageManager: 'pnpm@10.34.9',
    scripts: { prepare: 'husky', tokens: 'node scripts/tokens.mjs' },
    devDependencies: { vite: '7.0.0' },
  })}\n`,
  'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n',
  'pnpm-lock.yaml': `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .:
    devDependencies:
      vite:
        specifier: 7.0.0
        version: 7.0.0

  apps/web: {}

  packages/cart: {}

  packages/other:
    dependencies:
      hexy:
        specifier: 0.3.5
        version: 0.3.5

packages:

  hexy@0.3.5:
    resolution: {integrity: sha512-${'a'.repeat(86)}==}

  vite@7.0.0:
    resolution: {integrity: sha512-${'a'.repeat(86)}==}

snapshots:

  hexy@0.3.5: {}

  vite@7.0.0: {}
`,
  '.gitignore': 'node_modules\ndist\n',
  '.env.production': 'VITE_SHOP=1\n',
  'tsconfig.base.json': '{ "compilerOptions": { "strict": true } }\n',
  'scripts/tokens.mjs': "import './colours.mjs';\n",
  'scripts/colours.mjs': '',
  'brand/logo.svg': '<svg/>\n',
  'apps/web/package.json': `${JSON.stringify({ name: 'web', scripts: { build: 'vite build', start: 'vite preview' } })}\n`,
  'apps/web/tsconfig.json': '{ "extends": "../../tsconfig.base.json" }\n',
  'apps/web/vite.config.ts': `import path from 'node:path';
export default { envDir: '../../', resolve: { alias: { cart: path.resolve(__dirname, '../../packages/cart/src/index.ts') } } };
`,
  'apps/web/src/main.ts': "import { total } from 'cart';\nconsole.log(total);\n",
  'packages/cart/package.json': `${JSON.stringify({ name: '@shop/cart', scripts: { build: 'node build.mjs' } })}\n`,
  'packages/cart/build.mjs': '',
  'packages/cart/src/index.ts': 'export const total = 1;\n',
  'packages/other/package.json': '{ "name": "@shop/other", "dependencies": { "hexy": "0.3.5" } }\n',
};

let repository: Repository;
afterEach(() => repository.remove());

async function planOf(change: Readonly<Record<string, string>> = {}) {
  repository = Repository.of({ ...files, ...change });
  const { plan } = await repository.pack('web');
  const build = plan.stages.find(({ name }) => name === 'build')?.instructions.join('\n') ?? '';
  return { plan, build, sources: plan.files.flatMap(({ path }) => (path.startsWith('src/') ? [path.slice('src/'.length)] : [])) };
}

test('a package that only an alias of the bundler names is in the closure, and is built first, though no manifest tells', async () => {
  const { plan, build } = await planOf();
  expect(plan.closure.build).toEqual(['apps/web', 'packages/cart']);
  expect(build.search(/packages\/cart|@shop\/cart/)).toBeGreaterThan(-1);
  expect(build.search(/packages\/cart|@shop\/cart/)).toBeLessThan(build.search(/apps\/web|filter[= ]web/));
});

test('a package that only a script, or a task of the runner, names is in the build alone, and is left to whoever names it', async () => {
  const { plan, build } = await planOf({
    'apps/web/package.json': '{ "name": "web", "scripts": { "prebuild": "pnpm --filter other generate", "build": "vite build" } }\n',
    'packages/other/package.json':
      '{ "name": "@shop/other", "dependencies": { "hexy": "0.3.5" }, "scripts": { "generate": "node .", "build": "node slow.mjs" } }\n',
  });
  expect(plan.closure.build).toEqual(['apps/web', 'packages/cart', 'packages/other']);
  expect(plan.closure.runtime).toEqual(['apps/web', 'packages/cart']);
  expect(plan.closure.why.find(({ to }) => to === 'packages/other')).toMatchObject({ from: 'apps/web', kind: 'script', by: 'script "prebuild"' });
  expect(build).not.toMatch(/packages\/other|@shop\/other/);
  repository.remove();

  const byTask = await planOf({
    'package.json': files['package.json'].replace('"vite":', '"turbo":"2.10.0","vite":'),
    'pnpm-lock.yaml': files['pnpm-lock.yaml'].replaceAll(
      /( *)(vite:\n.*\n.*\n|vite@.*\n(?:.*\n)?\n?)/g,
      (entry) => `${entry.replaceAll('vite', 'turbo').replaceAll('7.0.0', '2.10.0')}${entry}`,
    ),
    'turbo.json': '{ "tasks": { "build": { "dependsOn": ["^build"] }, "web#build": { "dependsOn": ["@shop/other#generate"] }, "generate": {} } }\n',
    'packages/other/package.json': '{ "name": "@shop/other", "dependencies": { "hexy": "0.3.5" }, "scripts": { "generate": "node ." } }\n',
  });
  expect(byTask.plan.closure.build).toEqual(['apps/web', 'packages/cart', 'packages/other']);
  expect(byTask.build).toContain('turbo run build --filter=@shop/cart --filter=web');
});

test('a tool that is found by hoisting stays in the install of every app', async () => {
  const { plan } = await planOf();
  expect(plan.resolutions).toMatchObject([{ name: 'vite', version: '7.0.0', runtime: false }]);
});

test('a package that the root lists among its tools is in no install but that of the apps that use it', async () => {
  const { plan } = await planOf({
    'package.json': files['package.json'].replace('"devDependencies":{', '"devDependencies":{"@shop/other":"workspace:*",'),
    'pnpm-lock.yaml': files['pnpm-lock.yaml'].replace(
      '    devDependencies:\n',
      "    devDependencies:\n      '@shop/other':\n        specifier: workspace:*\n        version: link:packages/other\n",
    ),
  });
  expect(plan.closure.build).toEqual(['apps/web', 'packages/cart']);
  expect(plan.diagnostics).toContainEqual(
    expect.objectContaining({ code: 'root-workspaces-left-out', message: expect.stringContaining('@shop/other') }),
  );
  const install = plan.files.filter(({ path }) => path.startsWith('deps/'));
  expect(install.filter((file) => file.path.includes('other') || ('text' in file && file.text.includes('other')))).toEqual([]);
});

test('a build that is a shell script runs as a program; a package without one is not built', async () => {
  repository = Repository.of({
    ...files,
    'packages/cart/package.json': '{ "name": "@shop/cart", "scripts": { "build": "./build.sh" } }\n',
    'packages/cart/build.sh': 'mkdir dist\n',
    'packages/other/package.json': '{ "name": "@shop/other", "dependencies": { "hexy": "0.3.5" }, "scripts": { "watch": "./build.sh" } }\n',
    'apps/web/src/more.ts': "import '@shop/other';\n",
  });
  repository.run('chmod', '+x', 'packages/cart/build.sh');
  repository.commit('mode');
  const { plan } = await repository.pack('web');
  expect(plan.files.find(({ path }) => path === 'src/packages/cart/build.sh')).toMatchObject({ mode: '100755' });
  expect(plan.closure.build).toContain('packages/other');
  const build = plan.stages.find(({ name }) => name === 'build')?.instructions.join('\n');
  expect(build).toMatch(/packages\/cart|@shop\/cart/);
  expect(build).not.toMatch(/packages\/other|@shop\/other/);
});

test('what a package generates as it is installed is made from its sources, before all builds, dependencies first; hooks of a checkout are not', async () => {
  const { plan, build } = await planOf({
    'packages/cart/package.json': `${JSON.stringify({ name: '@shop/cart', scripts: { build: 'node build.mjs', postinstall: 'node codegen.mjs' } })}\n`,
    'packages/cart/codegen.mjs': '',
    'apps/web/package.json': `${JSON.stringify({ name: 'web', scripts: { build: 'vite build', postinstall: 'node routes.mjs', prepare: 'husky' } })}\n`,
  });
  expect(build).toMatch(/packages\/cart run postinstall[\s\S]*apps\/web run postinstall[\s\S]*run build/);
  expect(build).not.toMatch(/run prepare|husky/);
  const install = plan.files.filter((file) => file.path.startsWith('deps/') && file.path.endsWith('package.json'));
  expect(install.filter((file) => 'text' in file && file.text.includes('postinstall'))).toEqual([]);
  expect(plan.files.map(({ path }) => path)).toContain('src/packages/cart/codegen.mjs');
});

test('env files two folders up, a tsconfig at the root: what the configuration names comes along', async () => {
  const { plan, sources } = await planOf();
  expect(sources).toEqual(expect.arrayContaining(['.env.production', 'tsconfig.base.json']));
  expect(sources.filter((path) => /^(scripts|brand|packages\/other)/.test(path))).toEqual([]);
  expect(plan.diagnostics.map(({ code }) => code)).toContain('env-file-in-build');
});

test('tools that search the sources, as Tailwind does, leave out what ignore files above a package name', async () => {
  const { sources } = await planOf({ 'apps/.gitignore': 'tmp\n', 'packages/other/.gitignore': 'x\n' });
  expect(sources.filter((path) => path.endsWith('.gitignore'))).toEqual(['.gitignore', 'apps/.gitignore']);
});

test("a script of the root that the config names runs before the builds, with its files; husky's does not", async () => {
  const { build, sources } = await planOf({ 'stowage.json': '{ "apps": { "web": { "rootScripts": ["tokens"], "include": ["scripts/**"] } } }\n' });
  expect(build.indexOf('tokens')).toBeGreaterThan(-1);
  expect(build.indexOf('tokens')).toBeLessThan(build.search(/packages\/cart|@shop\/cart/));
  expect(build).not.toContain('husky');
  expect(sources).toEqual(expect.arrayContaining(['scripts/colours.mjs', 'scripts/tokens.mjs']));
});

test('a link out of the app brings what it leads to', async () => {
  repository = Repository.of(files);
  repository.run('ln', '-s', '../../brand', 'apps/web/brand');
  repository.commit('link');
  const { plan } = await repository.pack('web');
  expect(plan.files.filter(({ path }) => path.includes('brand')).map(({ path, mode }) => [path, mode])).toEqual([
    ['src/apps/web/brand', '120000'],
    ['src/brand/logo.svg', '100644'],
  ]);
});

test('an import that only other apps install is told, with its place', async () => {
  const { plan } = await planOf({ 'apps/web/src/dump.ts': "\nimport hexy from 'hexy';\nimport 'made-up-by-a-bundler.css';\nconsole.log(hexy);\n" });
  expect(plan.diagnostics.filter(({ code }) => code === 'undeclared-import')).toEqual([
    expect.objectContaining({ level: 'warning', message: expect.stringContaining('"hexy"'), file: 'apps/web/src/dump.ts', line: 2 }),
  ]);
});

test('a package that only another one of the closure has, in its own folder, is not there for an import', async () => {
  const manifests = {
    '.': { name: 'shop', private: true, workspaces: ['apps/*', 'packages/*'], packageManager: 'npm@11.21.2' },
    'apps/api': { name: 'api', version: '1.0.0', scripts: { start: 'node main.js' }, dependencies: { http: '1.0.0', qs: '6.0.0' } },
    'packages/http': { name: 'http', version: '1.0.0' },
  };
  const told = async (place: string) => {
    const qs = { version: '6.0.0', resolved: 'https://registry.npmjs.org/qs/-/qs-6.0.0.tgz', integrity: `sha512-${'a'.repeat(86)}==` };
    repository = Repository.of({
      ...Object.fromEntries(Object.entries(manifests).map(([id, manifest]) => [`${id}/package.json`, JSON.stringify(manifest)])),
      'package-lock.json': lockText({ ...entriesOf(importersOf(manifests)), [place]: qs }),
      'apps/api/main.js': "require('http');",
      'packages/http/index.js': "require('qs');",
    });
    const { plan } = await repository.pack('api');
    repository.remove();
    return plan.diagnostics.filter(({ code }) => code === 'undeclared-import').map(({ level }) => level);
  };
  expect(await told('node_modules/qs')).toEqual(['info']);
  expect(await told('apps/api/node_modules/qs')).toEqual(['warning']);
});

test('a source that the config names is there at run time beside a build that is copied alone', async () => {
  const { plan } = await planOf({
    'apps/web/stowage.json': '{ "preset": "next", "runtimeInclude": ["emails/**"] }\n',
    'apps/web/next.config.js': "module.exports = { output: 'standalone' };\n",
    'apps/web/emails/hello there.html': '<p>\n',
    'apps/web/emails/notes.txt': '',
  });
  const output = plan.stages.find(({ name }) => name === 'output')?.instructions.join('\n');
  expect(output).toContain("cp -a --parents 'apps/web/emails/hello there.html' apps/web/emails/notes.txt /out/");
});

test('a source that is in no repository, as a script of another name makes it, is told while nothing runs that script', async () => {
  const manifest = (fields: object): string => JSON.stringify({ name: '@shop/cart', scripts: { bundle: 'node build.mjs' }, ...fields });
  const absent = async (fields: object) => {
    const { plan } = await planOf({
      'packages/cart/package.json': manifest(fields),
      'packages/cart/src/index.ts':
        "import './total';\nimport '../bundled.js';\nimport type { T } from '../types.gen';\nexport const total: T = 1;\n",
      'packages/cart/src/total.ts': "try { require('../native.node') } catch {}\n",
    });
    repository.remove();
    return plan.diagnostics.filter(({ code }) => code === 'absent-source').map(({ message, line, hint }) => `${line} ${message} ${hint}`);
  };
  expect(await absent({})).toEqual([expect.stringMatching(/^2 @shop\/cart imports packages\/cart\/bundled\.js.*scripts: bundle/)]);
  expect(await absent({ stowage: { build: 'bundle' } })).toEqual([]);
  expect(await absent({ scripts: { postinstall: 'node build.mjs' } })).toEqual([]);
  expect(await absent({ scripts: { build: 'node build.mjs' } })).toEqual([]);
});

test("a package that a script of another name builds says so itself, for every app; in the order of the others' builds", async () => {
  const manifest = (name: string, scripts: object, dependencies = {}): string => `${JSON.stringify({ name, scripts, dependencies })}\n`;
  const { build } = await planOf({
    'packages/cart/package.json': manifest('@shop/cart', { build: 'node never.mjs', bundle: 'node build.mjs' }),
    'packages/cart/stowage.json': '{ "build": "bundle" }\n',
    'stowage.json': '{ "build": "compile" }\n',
    'apps/web/package.json': manifest('web', { build: 'node never.mjs', compile: 'vite build' }),
  });
  expect(build).toMatch(/packages\/cart run bundle[\s\S]*apps\/web run compile/);
  expect(build).not.toMatch(/run build/);
});

test('Prisma is asked for a client where it finds a schema by itself; one of several, only a script of the repository can name', async () => {
  const manifest = `${JSON.stringify({ name: '@shop/cart', scripts: { generate: 'prisma generate --schema mysql/schema.prisma' }, dependencies: { prisma: '7' } })}\n`;
  const schemas = async (paths: readonly string[], config = '{}') => {
    const prisma = new Map(paths.map((path) => [`packages/cart/${path}`, 'model A {}\n']));
    const locked = files['pnpm-lock.yaml']
      .replace('  packages/cart: {}', '  packages/cart:\n    dependencies:\n      prisma:\n        specifier: "7"\n        version: 7.0.0')
      .replace(/ {2}vite@7\.0\.0:(.*\n.*)?/g, (entry) => `${entry.replace('vite', 'prisma')}\n\n${entry}`);
    const change = {
      ...Object.fromEntries(prisma),
      'packages/cart/package.json': manifest,
      'packages/cart/prisma.config.ts': config,
      'pnpm-lock.yaml': locked,
    };
    const { build } = await planOf(change);
    return build.includes('prisma generate');
  };
  expect(await schemas(['prisma/schema.prisma'])).toBe(true);
  repository.remove();
  expect(await schemas(['db/models.prisma'], "export default { schema: 'db' };")).toBe(true);
  repository.remove();
  expect(await schemas(['mysql/schema.prisma', 'postgresql/schema.prisma'])).toBe(false);
});
