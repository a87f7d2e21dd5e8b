import { readNxJson, type Tree, updateNxJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { afterEach, expect, test, vi } from 'vitest';
import dockerfile from '../../packages/nx-plugin/src/generators/dockerfile/generator.ts';
import init from '../../packages/nx-plugin/src/generators/init/generator.ts';
import remove from '../../packages/nx-plugin/src/generators/remove/generator.ts';
import { acme } from '../kit/acme.ts';
import { layOut } from '../kit/cli.ts';

afterEach(() => vi.restoreAllMocks());

const registered = {
  plugin: '@stowage/nx',
  options: { dockerTargetName: 'docker', pruneTargetName: 'docker-prune', runTargetName: 'docker-run' },
};

function said(): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'info').mockImplementation((text) => void lines.push(String(text)));
  return lines;
}

test('init registers the plugin once, with its options, and tells what is next', async () => {
  const tree = createTreeWithEmptyWorkspace();
  const before = readNxJson(tree)?.plugins ?? [];
  const tell = await init(tree, { skipFormat: true });
  await init(tree, { skipFormat: true });
  expect(readNxJson(tree)?.plugins).toEqual([...before, registered]);
  const lines = said();
  tell();
  expect(lines.join('\n')).toContain('`npx nx run <app>:docker`');
  expect(lines.join('\n')).toContain('"projectsAffectedByDependencyUpdates": "auto"');
});

test('init recommends nothing that is set, and takes names of targets', async () => {
  const tree = createTreeWithEmptyWorkspace();
  updateNxJson(tree, { ...readNxJson(tree), pluginsConfig: { '@nx/js': { projectsAffectedByDependencyUpdates: 'all' } } });
  const tell = await init(tree, { skipFormat: true, dockerTargetName: 'image' });
  expect(readNxJson(tree)?.plugins?.at(-1)).toEqual({ plugin: '@stowage/nx', options: { ...registered.options, dockerTargetName: 'image' } });
  const lines = said();
  tell();
  expect(lines.join('\n')).not.toContain('projectsAffectedByDependencyUpdates');
  expect(lines.join('\n')).toContain('nx run <app>:image`');
});

test('remove leaves nx.json as it was before init', async () => {
  for (const plugins of [{}, { plugins: ['@nx/jest/plugin'] }]) {
    const tree = createTreeWithEmptyWorkspace();
    updateNxJson(tree, { ...plugins, ...readNxJson(tree), generators: {} });
    const before = tree.read('nx.json', 'utf8');
    await init(tree, { skipFormat: true });
    await remove(tree, { skipFormat: true });
    expect(tree.read('nx.json', 'utf8')).toBe(before);
  }
});

test('dockerfile writes a self-contained one, under a name that wakes no other plugin', async () => {
  const repository = layOut(acme);
  try {
    const tree: Tree = Object.assign(createTreeWithEmptyWorkspace(), { root: repository.folder });
    tree.write('apps/api/project.json', JSON.stringify({ name: 'api' }));
    await dockerfile(tree, { project: 'api' });
    expect(tree.read('acme-api.Dockerfile', 'utf8')).toMatch(/npm install --global stowage@0\.0\.0\n.*\n +stowage prune apps\/api /);
    expect(tree.exists('acme-api.Dockerfile.dockerignore')).toBe(true);
  } finally {
    repository.remove();
  }
});
