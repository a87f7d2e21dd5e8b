import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { listApps, readWorkspace } from '../../packages/core/src/index.ts';
import { imageTags } from '../../packages/nx-plugin/src/image-tags.ts';
import * as plugin from '../../packages/nx-plugin/src/index.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

const workspace: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'acme', workspaces: ['apps/*', '!apps/old'] }),
  'apps/api/package.json': JSON.stringify({ name: '@acme/api', scripts: { start: 'node main.js' } }),
  'apps/web/package.json': JSON.stringify({ name: '@acme/web', devDependencies: { vite: '*' } }),
  'apps/web/vite.config.ts': '',
  'apps/web/index.html': '',
  'apps/lib/package.json': JSON.stringify({ name: '@acme/lib', main: 'index.js' }),
  'apps/old/package.json': JSON.stringify({ name: '@acme/old', scripts: { start: 'node .' } }),
  'apps/told/package.json': JSON.stringify({ name: '@acme/told', stowage: { start: 'node x.js' } }),
  'apps/broken/package.json': '{',
  'examples/demo/package.json': JSON.stringify({ name: 'demo', scripts: { start: 'node .' } }),
};

/** What Nx would be given for a workspace of these files, by project root. */
function infer(
  files: Readonly<Record<string, string>>,
  options?: plugin.StowagePluginOptions,
): Record<string, Record<string, Record<string, unknown>>> {
  const workspaceRoot = mkdtempSync(join(tmpdir(), 'stowage-nx-'));
  folders.push(workspaceRoot);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspaceRoot, path)), { recursive: true });
    writeFileSync(join(workspaceRoot, path), text);
  }
  const [, createNodes] = plugin.createNodesV2;
  const found = createNodes(
    Object.keys(files).filter((path) => /(^|\/)(package|project)\.json$/.test(path)),
    options,
    { workspaceRoot },
  );
  return Object.fromEntries(found.flatMap(([, { projects }]) => Object.entries(projects).map(([root, { targets }]) => [root, targets])));
}

test('apps get targets; libraries, packages outside the workspace and broken manifests none; and nothing is printed', () => {
  const written = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
  expect(Object.keys(infer(workspace)).sort()).toEqual(['apps/api', 'apps/told', 'apps/web']);
  for (const write of written) expect(write).not.toHaveBeenCalled();
});

test('the targets: the image is not cached by Nx, the folder is, by its plan alone', () => {
  const targets = infer(workspace)['apps/api'] ?? {};
  expect(Object.keys(targets)).toEqual(['docker', 'docker-prune', 'docker-run']);
  expect(targets.docker).toMatchObject({ executor: '@stowage/nx:docker', cache: false });
  expect(targets.docker).not.toHaveProperty('dependsOn');
  expect(targets['docker-prune']).toMatchObject({
    cache: true,
    options: { output: 'out/acme-api' },
    outputs: ['{options.output}'],
    inputs: [{ runtime: expect.stringMatching(/^node ".*plan-hash\.js" "apps\/api"$/) }, { externalDependencies: [] }],
  });
  expect(targets['docker-run']).toMatchObject({ continuous: true, dependsOn: ['docker'] });
});

test('target names are options', () => {
  const names = { dockerTargetName: 'image', pruneTargetName: 'image-folder', runTargetName: 'image-run' };
  const targets = infer(workspace, names)['apps/api'] ?? {};
  expect(Object.keys(targets)).toEqual(Object.values(names));
  expect(targets['image-run']).toMatchObject({ dependsOn: ['image'] });
});

test('members that pnpm-workspace.yaml names; the one package of a repository', () => {
  const { 'package.json': _, ...members } = workspace;
  const pnpm = { ...members, 'package.json': '{}', 'pnpm-workspace.yaml': "packages:\n  - './apps/**' # all\n  - '!apps/old'\n" };
  expect(Object.keys(infer(pnpm)).sort()).toEqual(['apps/api', 'apps/told', 'apps/web']);
  expect(Object.keys(infer({ 'package.json': '{"name":"one","scripts":{"start":"node ."}}' }))).toEqual(['.']);
});

test('the apps are those that `stowage list` shows, whatever tells them', async () => {
  const manifest = { name: 'acme', version: '0.0.0', packageManager: 'npm@11.19.1', workspaces: ['apps/*', 'libs/*'] };
  const files = {
    'package.json': JSON.stringify(manifest),
    'package-lock.json': JSON.stringify({ name: 'acme', version: '0.0.0', lockfileVersion: 3, packages: { '': manifest } }),
    'stowage.json': '{ "apps": { "libs/named": { "preset": "node" } } }',
    'apps/module/package.json': '{ "name": "module" }',
    'apps/module/stowage.config.ts': "export default { start: 'node main.js' };",
    'libs/named/package.json': '{ "name": "named" }',
    'libs/told/package.json': '{ "name": "told" }',
    'libs/told/stowage.json': '{ "include": ["schema.graphql"] }',
    'nx.json': '{}',
    'projects/api/project.json': '// an API\n{ "name": "api", "projectType": "application", "targets": { "build": { "command": "x" }, }, }',
  };
  expect(Object.keys(infer(files)).sort()).toEqual(['apps/module', 'libs/named', 'projects/api']);
  const listed = listApps(await readWorkspace(folders.at(-1) as string));
  expect(listed.map(({ id }) => id)).toEqual(['apps/module', 'libs/named', 'projects/api']);
});

test('an app whose config is wrong keeps its targets, which tell so', () => {
  expect(Object.keys(infer({ ...workspace, 'apps/api/stowage.json': '{ "strat": "x" }' }))).toContain('apps/api');
});

test('what cannot be read gives no targets, and no error', () => {
  expect(infer({ 'package.json': '{', 'apps/api/package.json': '{}' })).toEqual({});
  expect(infer({ ...workspace, 'package.json': '{}', 'pnpm-workspace.yaml': 'packages: [' })).toEqual({});
});

test('whatever a manifest or a project.json holds, it is no error and nothing is printed', () => {
  const written = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
  const values = [
    '',
    'null',
    '[]',
    '7',
    '"x"',
    '{',
    '{"name":7}',
    '{"scripts":null}',
    '{"scripts":{"start":7}}',
    '{"workspaces":{"packages":7}}',
    '{"dependencies":[]}',
  ];
  for (const value of [
    ...values,
    '{"bin":[7]}',
    '{"stowage":7}',
    '{"nx":7}',
    '{"targets":7}',
    '{"targets":{"build":7}}',
    '{"name":{},"projectType":[]}',
  ]) {
    const nx = { 'nx.json': value, 'apps/nx/project.json': value, 'apps/nx/webpack.config.js': '' };
    expect(() => infer({ ...workspace, ...nx, 'apps/api/package.json': value })).not.toThrow();
    expect(() => infer({ ...workspace, ...nx, 'package.json': value })).not.toThrow();
  }
  expect(() => plugin.createNodes[1](['package.json', 'apps/gone/package.json'], undefined, { workspaceRoot: '/no/such/folder' })).not.toThrow();
  for (const write of written) expect(write).not.toHaveBeenCalled();
});

test('one implementation under the names of Nx 22 and of 23 and 24', () => {
  expect(plugin.createNodes).toBe(plugin.createNodesV2);
});

test('tokens of tags, as @nx/docker has them', () => {
  const facts = {
    projectName: '@acme/api',
    projectRoot: 'apps/api',
    workspaceRoot: tmpdir(),
    now: new Date('2026-03-04T05:06:07.890Z'),
    env: { TAG: 'x' },
  };
  const tags = (...tag: string[]) => imageTags(tag, '@acme/api', facts);
  expect(tags('r.example/{projectName}:{env.TAG}')).toEqual(['r.example/acme-api:x']);
  expect(tags('{imageRef}:{currentDate|YYMM.DD}', '{projectRoot}:{currentDate|YYYYMMDDHHmmss}')).toEqual([
    'apps-api:2603.04',
    'apps/api:20260304050607',
  ]);
  expect(() => tags('{unknown}')).toThrow('{unknown} stands for nothing');
  expect(() => tags('api:{env.NONE}')).toThrow('{env.NONE} stands for nothing');
  expect(imageTags(undefined, '@acme/api', facts)).toEqual(['acme-api']);
});
