import type { Importer, LockedEdge, Workspace } from '../model.ts';
import { adapterOf } from '../package-managers/list.ts';

/** The parsed lockfile of a workspace and what it says of each importer, each asked once. */
export interface LockedGraph {
  readonly lockfile: unknown;
  edgesOf(importer: Importer): readonly LockedEdge[];
}

/** @throws StowageError LockfileSyntax, LockfileConflict; LockfileOutdated when edges are asked for */
export function lockedGraph(workspace: Workspace): LockedGraph {
  const adapter = adapterOf(workspace.packageManager.id);
  const lockfile = adapter.parse(workspace.lockfile);
  const known = new Map<string, readonly LockedEdge[]>();
  return {
    lockfile,
    edgesOf(importer) {
      const edges = known.get(importer.id) ?? adapter.edges(lockfile, importer, workspace.importers, workspace.files);
      known.set(importer.id, edges);
      return edges;
    },
  };
}
