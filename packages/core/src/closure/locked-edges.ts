import { DEPENDENCY_KINDS } from '../dependency-kinds.ts';
import { withManifest } from '../importers.ts';
import type { Importer, LockedEdge, Workspace } from '../model.ts';
import { adapterOf } from '../package-managers/list.ts';
import { perObject } from '../per-object.ts';

/** The parsed lockfile of a workspace and what it says of each importer, each asked once. */
export interface LockedGraph {
  readonly lockfile: unknown;
  edgesOf(importer: Importer): readonly LockedEdge[];
}

/** @throws StowageError LockfileOutdated when edges are asked for */
export function lockedGraph(workspace: Workspace): LockedGraph {
  const { parsed } = workspace.lockfile;
  const adapter = adapterOf(workspace.packageManager.id);
  const packages = withManifest(workspace.importers);
  const known = new Map<string, readonly LockedEdge[]>();
  return {
    lockfile: parsed,
    edgesOf(importer) {
      const edges = known.get(importer.id) ?? (importer.derived ? [] : adapter.edges(parsed, importer, packages, workspace.files));
      known.set(importer.id, edges);
      return edges;
    },
  };
}

const lockedPackages = perObject(
  ({ lockfile, packageManager }: Workspace): ReadonlySet<string> => adapterOf(packageManager.id).packages(lockfile.parsed),
);

/** How many packages the whole lockfile holds, each version once. */
export const lockedPackageCount = (workspace: Workspace): number => lockedPackages(workspace).size;

/** The names of these, and those that manifests have for them. */
export const lockedNames = perObject((workspace: Workspace): ReadonlySet<string> => {
  const declared = workspace.importers.flatMap(({ manifest }) => DEPENDENCY_KINDS.flatMap((kind) => Object.keys(manifest[kind] ?? {})));
  return new Set([...[...lockedPackages(workspace)].map((id) => id.slice(0, id.indexOf('@', 1))), ...declared]);
});
