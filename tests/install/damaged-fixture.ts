import type { PackageManagerId } from '@stowage/core';
import type { InventedPackage, InventedRepository } from '../fuzz/invented.ts';

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

const patch = `diff --git a/added.md b/added.md
new file mode 100644
index 0000000..257cc56
--- /dev/null
+++ b/added.md
@@ -0,0 +1 @@
+foo
`;

/** What each manager says of a patch and of an override, and where. */
const forms: Readonly<Record<PackageManagerId, { readonly root?: object; readonly app?: object; readonly settings?: Record<string, unknown> }>> = {
  pnpm: {
    settings: {
      packages: ['packages/*'],
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
    settings: { nodeLinker: 'node-modules' },
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
  const local = id === 'npm' || id === 'yarn-classic' ? '^1.0.0' : 'workspace:*';
  return {
    manager: { id, version },
    registry: published,
    importers: [
      {
        id: '.',
        manifest: {
          name: 'root',
          private: true,
          packageManager: `${id.startsWith('yarn') ? 'yarn' : id}@${version}`,
          ...(id === 'pnpm' ? {} : { workspaces: ['packages/*'] }),
          ...root,
        },
      },
      {
        id: 'packages/app',
        manifest: {
          name: 'app',
          version: '1.0.0',
          dependencies: { direct: '^1.0.0', library: local, patched: '1.0.0', ...app },
          devDependencies: { below: '^2.0.0' },
        },
      },
      { id: 'packages/library', manifest: { name: 'library', version: '1.0.0', dependencies: { 'of-the-library': '1.0.0', direct: '^1.0.0' } } },
      { id: 'packages/other', manifest: { name: 'other', version: '1.0.0', dependencies: { elsewhere: '1.0.0', direct: '^2.0.0' } } },
    ],
    ...(settings === undefined ? {} : { settings }),
    files: { 'patches/patched.patch': patch },
  };
}
