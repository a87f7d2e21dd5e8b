import type { PackageManagerId } from '@stowage/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../fuzz/examine.ts';
import type { InventedPackage } from '../fuzz/invented.ts';
import { type InventedRegistry, startRegistry } from '../fuzz/registry.ts';
import { packedInstall } from '../kit/packed-install.ts';
import { anyOf, smallMonorepo } from '../kit/small-monorepo.ts';

const releases: readonly (readonly [PackageManagerId, string])[] = [
  ['pnpm', '10.34.9'],
  ['pnpm', '12.21.0'],
  ['npm', '11.19.1'],
  ['yarn-classic', '1.22.22'],
  ['yarn-berry', '4.18.1'],
  ['bun', '1.3.11'],
  ['bun', '1.4.5'],
];

let registry: InventedRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

const one = (name: string, more: object = {}): InventedPackage => ({ name, version: '1.0.0', ...more });

describe.each(releases)('%s %s', (id, version) => {
  it('packs packages that are called as what every object has, or as numbers', async () => {
    const numbers = ['2', '10', '7'];
    const inherited = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf'];
    // Of the others each fails to lock any of these.
    const [own, peer = '7', tool = '10', optional = '7', foreign = '7'] =
      ['yarn-berry', 'bun'].includes(id) || version.startsWith('12') ? inherited : [];
    const outcome = await examine(
      smallMonorepo(id, version, {
        published: [...numbers, ...inherited].map((name) =>
          one(name, name === '2' ? { dependencies: { [own ?? '10']: '1.0.0', '10': '1.0.0' } } : {}),
        ),
        manifests: {
          app: {
            dependencies: { '2': '1.0.0', library: anyOf(id), [own ?? 'later']: own === undefined ? 'npm:7@1.0.0' : '1.0.0' },
            devDependencies: { [tool]: '1.0.0' },
            optionalDependencies: { [optional]: '1.0.0' },
          },
          library: { peerDependencies: { [peer]: '*' }, devDependencies: { [peer]: '1.0.0' } },
          other: { dependencies: { [foreign]: '1.0.0', [peer]: '1.0.0', '7': '1.0.0' } },
        },
      }),
      registry,
      { apps: 1 },
    );
    expect(outcome).toEqual({ kind: 'pass', apps: 1, checks: expect.any(Number), installs: expect.any(Number) });
  });

  it('packs peers of workspaces: provided by the app, by the root, by itself for its tests, by nobody, and another workspace', async () => {
    const outcome = await examine(
      smallMonorepo(id, version, {
        published: [one('of-app'), one('of-root'), one('of-tests'), { name: 'of-tests', version: '2.0.0' }, one('of-nobody'), one('of-other')],
        manifests: {
          '.': { dependencies: { 'of-root': '1.0.0' } },
          app: { dependencies: { library: anyOf(id), 'of-app': '1.0.0' } },
          library: {
            peerDependencies: { 'of-app': '^1.0.0', 'of-root': '*', 'of-tests': '*', 'of-nobody': '1.0.0', 'of-other': '*', theme: '*' },
            peerDependenciesMeta: { 'of-nobody': { optional: true }, 'of-other': { optional: true }, theme: { optional: true } },
            devDependencies: { 'of-app': '1.0.0', 'of-tests': '1.0.0', theme: anyOf(id) },
          },
          other: { dependencies: { 'of-other': '1.0.0', 'of-tests': '2.0.0' } },
          theme: { dependencies: { 'of-other': '1.0.0' } },
        },
      }),
      registry,
      { apps: 1 },
    );
    expect(outcome).toEqual({ kind: 'pass', apps: 1, checks: expect.any(Number), installs: expect.any(Number) });
  });

  it('installs without an optional package that cannot be built', async () => {
    const allowed: Readonly<Record<string, object>> = {
      pnpm: version.startsWith('12') ? { allowBuilds: { unbuildable: true } } : { onlyBuiltDependencies: ['unbuildable'] },
      'yarn-berry': { enableScripts: true },
    };
    const installed = await packedInstall(
      smallMonorepo(id, version, {
        published: [one('fine'), one('unbuildable', { scripts: { install: 'exit 1' }, hasInstallScript: true, dependencies: { fine: '1.0.0' } })],
        manifests: {
          '.': id === 'bun' ? { trustedDependencies: ['unbuildable'] } : {},
          app: { dependencies: { library: anyOf(id) } },
          library: { dependencies: { fine: '1.0.0' }, optionalDependencies: { unbuildable: '1.0.0' } },
          other: { dependencies: { unbuildable: '1.0.0' } },
        },
        settings: allowed[id] as Record<string, unknown>,
      }),
      registry,
      { scripts: true },
    );
    if (installed === undefined) return;
    for (const mode of ['deps', 'prod'] as const) expect(installed[mode].filter((name) => name !== 'unbuildable@1.0.0')).toEqual(['fine@1.0.0']);
  });

  it('takes the packages of a scope from the registry of that scope', async () => {
    const scoped = registry.serve([
      one('@private/tool', { dependencies: { '@private/below': '1.0.0', open: '1.0.0' } }),
      one('@private/below'),
      one('@private/unused'),
    ]);
    const installed = await packedInstall(
      smallMonorepo(id, version, {
        published: [one('open')],
        manifests: {
          app: { dependencies: { library: anyOf(id) } },
          library: { dependencies: { '@private/tool': '1.0.0' } },
          other: { dependencies: { '@private/unused': '1.0.0' } },
        },
        settings: id === 'yarn-berry' ? { npmScopes: { private: { npmRegistryServer: scoped } } } : {},
        npmrc: { '@private:registry': scoped },
      }),
      registry,
    );
    const needed = ['@private/below@1.0.0', '@private/tool@1.0.0', 'open@1.0.0'];
    if (installed !== undefined) expect(installed).toEqual({ deps: needed, prod: needed });
  });
});
