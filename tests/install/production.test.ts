import type { PackageManagerId } from '@stowage/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InventedPackage, InventedRepository } from '../fuzz/invented.ts';
import { type InventedRegistry, startRegistry } from '../fuzz/registry.ts';
import { packedInstall } from '../kit/packed-install.ts';
import { anyOf, smallMonorepo } from '../kit/small-monorepo.ts';

/** The first release that writes a lockfile that Stowage reads, or that does so on today's Node (pnpm), and the newest. */
const releases: readonly (readonly [PackageManagerId, string])[] = [
  ['pnpm', '7.33.7'],
  ['pnpm', '12.21.0'],
  ['npm', '7.24.2'],
  ['npm', '12.2.0'],
  ['yarn-classic', '1.10.0'],
  ['yarn-classic', '1.22.22'],
  ['yarn-berry', '3.2.0'],
  ['yarn-berry', '4.18.1'],
  ['bun', '1.1.39'],
  ['bun', '1.4.5'],
];

const published: readonly InventedPackage[] = [
  { name: 'direct', version: '1.0.0', dependencies: { below: '^1.0.0' }, optionalDependencies: { perhaps: '1.0.0' } },
  { name: 'below', version: '1.0.0' },
  { name: 'below', version: '2.0.0' },
  { name: 'perhaps', version: '1.0.0' },
  { name: 'of-the-root', version: '1.0.0' },
  { name: 'of-the-library', version: '1.0.0', peerDependencies: { shared: '*' } },
  { name: 'shared', version: '1.0.0' },
  { name: 'test-runner', version: '1.0.0', dependencies: { below: '^2.0.0', reporter: '1.0.0' } },
  { name: 'reporter', version: '1.0.0' },
  { name: 'bundler', version: '1.0.0' },
  { name: 'linter', version: '1.0.0' },
  { name: 'of-another-app', version: '1.0.0' },
];

function repositoryOf(id: PackageManagerId, version: string): InventedRepository {
  const local = anyOf(id);
  return smallMonorepo(id, version, {
    published,
    manifests: {
      '.': { dependencies: { 'of-the-root': '1.0.0' }, devDependencies: { linter: '1.0.0' } },
      app: {
        dependencies: { direct: '^1.0.0', library: local, shared: '1.0.0' },
        devDependencies: { 'test-runner': '1.0.0', tools: local },
      },
      library: { dependencies: { 'of-the-library': '1.0.0', shared: '1.0.0' }, devDependencies: { bundler: '1.0.0' } },
      tools: { dependencies: { reporter: '1.0.0' } },
      other: { dependencies: { 'of-another-app': '1.0.0' } },
    },
  });
}

let registry: InventedRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

it.each(releases)('%s %s installs at run time what the app needs then, and nothing else', async (id, version) => {
  const installed = await packedInstall(repositoryOf(id, version), registry);
  if (installed === undefined) return;
  const needed = ['below@1.0.0', 'direct@1.0.0', 'of-the-library@1.0.0', 'of-the-root@1.0.0', 'perhaps@1.0.0', 'shared@1.0.0'];
  expect(installed.prod).toEqual(needed);
  expect(installed.deps).toEqual([...needed, 'below@2.0.0', 'bundler@1.0.0', 'linter@1.0.0', 'reporter@1.0.0', 'test-runner@1.0.0'].sort());
});
