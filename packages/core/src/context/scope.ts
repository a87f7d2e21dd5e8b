import type { LockedGraph } from '../closure/locked-edges.ts';
import type { Closure, DependencyKind, DependencyMap, Importer, Manifest } from '../model.ts';
import type { InstallScope } from '../package-managers/adapter.ts';

const kinds: readonly DependencyKind[] = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * The importers of an install with the dependencies it covers, manifests not masked yet.
 * `deps`: the root and the build closure, but for the root's dependencies on workspaces outside it.
 * `prod`: the root and the runtime closure, without devDependencies.
 */
export function installScope(mode: InstallScope['mode'], closure: Closure, importers: readonly Importer[], graph: LockedGraph): InstallScope {
  const members = new Set(['.', ...(mode === 'deps' ? closure.build : closure.runtime)]);
  return {
    mode,
    importers: importers.filter(({ id }) => members.has(id)).map((importer) => ({ ...importer, manifest: narrow(importer, mode, members, graph) })),
  };
}

function narrow(importer: Importer, mode: InstallScope['mode'], members: ReadonlySet<string>, graph: LockedGraph): Manifest {
  const outside = new Set(
    graph.edgesOf(importer).flatMap(({ alias, target }) => ('importer' in target && !members.has(target.importer) ? [alias] : [])),
  );
  const manifest: Record<string, unknown> = { ...importer.manifest };
  for (const kind of kinds) {
    const map = importer.manifest[kind];
    if (map === undefined) continue;
    const kept = mode === 'prod' && kind === 'devDependencies' ? {} : without(map, outside);
    if (Object.keys(kept).length === 0) delete manifest[kind];
    else manifest[kind] = kept;
  }
  return manifest;
}

function without(map: DependencyMap, names: ReadonlySet<string>): DependencyMap {
  return names.size === 0 ? map : Object.fromEntries(Object.entries(map).filter(([name]) => !names.has(name)));
}
