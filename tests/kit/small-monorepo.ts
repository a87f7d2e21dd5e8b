import type { Manifest, PackageManagerId } from '@stowage/core';
import type { InventedPackage, InventedRepository } from '../fuzz/invented.ts';

interface Parts {
  readonly published: readonly InventedPackage[];
  /** By folder below `packages`, which is a package's name unless its manifest has another; `.` is what the root has besides. */
  readonly manifests: Readonly<Record<string, Manifest>>;
  /** Beside those that every monorepo of pnpm and yarn berry here has. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly npmrc?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** A monorepo of a few packages, written as a release of a package manager wants it. */
export function smallMonorepo(id: PackageManagerId, version: string, { published, manifests, settings, ...more }: Parts): InventedRepository {
  const { '.': root, ...members } = manifests;
  const own = { pnpm: { packages: ['packages/*'] }, 'yarn-berry': { nodeLinker: 'node-modules' } }[id as string];
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
      ...Object.entries(members).map(([name, manifest]) => ({ id: `packages/${name}`, manifest: { name, version: '1.0.0', ...manifest } })),
    ],
    ...(own === undefined ? {} : { settings: { ...own, ...settings } }),
    ...more,
  };
}

/** How a manager names any version of a workspace package. */
export const anyOf = (id: PackageManagerId): string => (id === 'npm' || id === 'yarn-classic' ? '*' : 'workspace:*');
