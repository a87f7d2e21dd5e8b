import type { Manifest, PackageManagerId } from '@stowage/core';
import type { InventedPackage, InventedRepository } from '../fuzz/invented.ts';
import { anyOf, smallMonorepo } from '../kit/small-monorepo.ts';
import { patch } from './scenario-files.ts';

const published: readonly InventedPackage[] = [
  { name: 'direct', version: '1.0.0', dependencies: { below: '^1.0.0', overridden: '^1.0.0' }, optionalDependencies: { perhaps: '1.0.0' } },
  { name: 'direct', version: '2.0.0' },
  { name: 'below', version: '1.0.0' },
  { name: 'below', version: '2.0.0' },
  { name: 'overridden', version: '1.0.0' },
  { name: 'overridden', version: '1.1.0' },
  { name: 'perhaps', version: '1.0.0' },
  { name: 'patched', version: '1.0.0' },
  { name: 'of-the-library', version: '1.0.0', peerDependencies: { direct: '*' } },
  { name: 'elsewhere', version: '1.0.0' },
];

/** What each manager says of a patch and of an override, and where. */
const forms: Readonly<Record<PackageManagerId, { readonly root?: Manifest; readonly app?: object; readonly settings?: Record<string, unknown> }>> = {
  pnpm: {
    settings: {
      catalog: { perhaps: '1.0.0' },
      overrides: { overridden: '1.0.0' },
      patchedDependencies: { 'patched@1.0.0': 'patches/patched.patch' },
    },
    app: { perhaps: 'catalog:' },
  },
  npm: { root: { overrides: { overridden: '1.0.0' } } },
  'yarn-classic': { root: { resolutions: { overridden: '1.0.0' } } },
  'yarn-berry': {
    root: { resolutions: { overridden: '1.0.0' } },
    app: { patched: 'patch:patched@npm%3A1.0.0#~/patches/patched.patch' },
  },
  bun: {
    root: {
      overrides: { overridden: '1.0.0' },
      patchedDependencies: { 'patched@1.0.0': 'patches/patched.patch' },
      trustedDependencies: ['direct'],
      catalog: { perhaps: '1.0.0' },
    },
    app: { perhaps: 'catalog:' },
  },
};

/** An app with a library, two versions of a package, an override, a patch where the manager has them, and what another app alone needs. */
export function fixtureOf(id: PackageManagerId, version: string): InventedRepository {
  const { root = {}, app = {}, settings } = forms[id];
  return smallMonorepo(id, version, {
    published,
    manifests: {
      '.': root,
      app: {
        dependencies: { direct: '^1.0.0', library: id === 'npm' || id === 'yarn-classic' ? '^1.0.0' : anyOf(id), patched: '1.0.0', ...app },
        devDependencies: { below: '^2.0.0' },
      },
      library: { dependencies: { 'of-the-library': '1.0.0', direct: '^1.0.0' } },
      other: { dependencies: { elsewhere: '1.0.0', direct: '^2.0.0' } },
    },
    settings,
    files: { 'patches/patched.patch': patch('added') },
  });
}
