import type { LockedGraph } from '../closure/locked-edges.ts';
import { DEPENDENCY_KINDS } from '../dependency-kinds.ts';
import { importersOf } from '../importers.ts';
import type { Closure, DependencyKind, DependencyMap, Importer, Manifest } from '../model.ts';
import type { RootNeeds } from '../nx/root-needs.ts';
import { byCodeUnit } from '../order.ts';
import { ownPackages } from '../own-packages.ts';
import type { InstallScope } from '../package-managers/adapter.ts';
import { perObject } from '../per-object.ts';

/**
 * The importers of an install with the dependencies it covers, manifests not masked yet.
 * `deps`: the root and the build closure, but for the root's dependencies on workspaces outside it.
 * `prod`: the root and the runtime closure, without devDependencies.
 * Projects without a manifest are in none; where `needs` says what they need of the root's, the root keeps that alone, and in `prod` as
 * `dependencies`, wherever it stood.
 */
export function installScope(
  mode: InstallScope['mode'],
  closure: Closure,
  importers: readonly Importer[],
  graph: LockedGraph,
  needs: RootNeeds | undefined,
): InstallScope {
  const members = new Set(['.', ...(mode === 'deps' ? closure.build : closure.runtime)]);
  return {
    mode,
    importers: importersOf(importers, members)
      .filter(({ derived }) => derived === undefined)
      .map((importer) => {
        const narrowed = narrow(importer, mode, members, graph);
        if (importer.id !== '.' || needs === undefined) return narrowed;
        return { ...importer, manifest: narrowRoot(importer.manifest, narrowed.manifest, mode, needs) };
      }),
  };
}

function narrow(importer: Importer, mode: InstallScope['mode'], members: ReadonlySet<string>, graph: LockedGraph): Importer {
  const outside = new Set([
    ...graph.edgesOf(importer).flatMap(({ alias, target }) => ('importer' in target && !members.has(target.importer) ? [alias] : [])),
    ...(importer.id === '.' ? ownPackages : []),
  ]);
  const whole = mode === 'deps' ? forBuild(importer) : forRuntime(importer);
  return outside.size === 0 ? whole : withMaps(whole, (_, map) => without(map, outside));
}

/** Most importers lose nothing else. They stay one object for all apps, so that each is masked and printed once. */
const forBuild = perObject((importer: Importer) => withMaps(importer, (_, map) => map));
const forRuntime = perObject((importer: Importer) => withMaps(importer, (kind, map) => (kind === 'devDependencies' ? {} : map)));

/** With other dependency maps; one that comes to hold nothing goes. */
function withMaps(importer: Importer, change: (kind: DependencyKind, map: DependencyMap) => DependencyMap): Importer {
  const manifest: Record<string, unknown> = { ...importer.manifest };
  for (const kind of DEPENDENCY_KINDS) {
    const map = importer.manifest[kind];
    if (map === undefined) continue;
    const kept = change(kind, map);
    if (Object.keys(kept).length === 0) delete manifest[kind];
    else manifest[kind] = kept;
  }
  return { ...importer, manifest };
}

function without(map: DependencyMap, names: ReadonlySet<string>): DependencyMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !names.has(name)));
}

/** Links of workspaces stay as they were narrowed; of everything else, what is needed. */
function narrowRoot(whole: Manifest, narrowed: Manifest, mode: InstallScope['mode'], { build, runtime }: RootNeeds): Manifest {
  const pick = (map: DependencyMap | undefined, names: ReadonlySet<string>): DependencyMap =>
    Object.fromEntries(Object.entries(map ?? {}).filter(([name]) => names.has(name)));
  const { dependencies: _, devDependencies: __, optionalDependencies: ___, ...rest } = narrowed;
  const { dependencies, devDependencies, optionalDependencies } = whole;
  const maps =
    mode === 'deps'
      ? {
          dependencies: pick(dependencies, build),
          devDependencies: pick(devDependencies, build),
          optionalDependencies: pick(optionalDependencies, build),
        }
      : {
          dependencies: sorted({ ...pick(devDependencies, runtime), ...pick(dependencies, runtime) }),
          optionalDependencies: pick(optionalDependencies, runtime),
        };
  return { ...rest, ...Object.fromEntries(Object.entries(maps).filter(([, map]) => Object.keys(map).length > 0)) };
}

function sorted(map: DependencyMap): DependencyMap {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => byCodeUnit(a, b)));
}
