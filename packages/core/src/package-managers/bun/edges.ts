import { posix } from 'node:path';
import { DEPENDENCY_KINDS } from '../../dependency-kinds.ts';
import type { Importer, LockedEdge } from '../../model.ts';
import { sortedBy } from '../../order.ts';
import { perObject } from '../../per-object.ts';
import { ownerOf } from '../owner-of.ts';
import { isFolder } from './hoist.ts';
import type { BunDependency, BunLockfile, BunPackage } from './lockfile.ts';
import { type BunGraph, bunGraph } from './resolve.ts';
import { failUnresolved, workspaceOf } from './workspaces.ts';

const graphs = new WeakMap<BunLockfile, BunGraph>();

/** The graph of a lockfile, worked out once. */
export function graphOf(lockfile: BunLockfile): BunGraph {
  const graph = graphs.get(lockfile) ?? bunGraph(lockfile);
  graphs.set(lockfile, graph);
  return graph;
}

/**
 * The dependencies of an importer as bun.lock resolves them. A package of the registry that leads back to a workspace, by whatever way, is an
 * edge to that too.
 * @throws StowageError LockfileOutdated, LockfileInconsistent.
 */
export function edgesOf(lockfile: BunLockfile, importer: Importer, workspace: readonly Importer[]): readonly LockedEdge[] {
  const graph = graphOf(lockfile);
  const record = workspaceOf(lockfile, importer);
  return DEPENDENCY_KINDS.flatMap((kind) => {
    const specifiers = importer.manifest[kind] ?? {};
    const own = record.package.dependencies.filter((dependency) => dependency.kind === kind && Object.hasOwn(specifiers, dependency.name));
    return sortedBy(own, ({ name }) => name).flatMap((dependency): LockedEdge[] => {
      const [alias, target] = [dependency.name, graph.target(dependency)];
      if (target === undefined && (kind === 'dependencies' || kind === 'devDependencies')) throw failUnresolved(lockfile, importer, dependency);
      if (target === undefined) return [];
      const edge = { kind, alias, specifier: specifiers[alias] as string, target: edgeTarget(target, workspace) };
      if ('importer' in edge.target) return [edge];
      return [edge, ...workspacesBehind(graph, target).map((link) => ({ kind, alias, ...link }))];
    });
  });
}

function edgeTarget(target: BunPackage, workspace: readonly Importer[]): LockedEdge['target'] {
  const path = workspacePath(target);
  if (path !== undefined) return { importer: path };
  const folder = localFolder(target);
  if (folder === undefined) return { package: target.id };
  const owner = ownerOf(folder, workspace);
  return owner === undefined ? { folder } : { importer: owner.id };
}

/** The folder of a `file:` package, relative to the root. */
export function localFolder(of: BunPackage): string | undefined {
  return isFolder(of) ? posix.normalize(of.resolution.slice('file:'.length)).replace(/\/$/, '') : undefined;
}

/** The importer id of a workspace package. */
export function workspacePath({ resolution }: BunPackage): string | undefined {
  if (resolution === 'root:') return '.';
  return resolution.startsWith('workspace:') ? resolution.slice('workspace:'.length) : undefined;
}

/** The workspaces that a package leads to through other packages alone; optional peers lead nowhere. */
function workspacesBehind(graph: BunGraph, start: BunPackage): readonly Pick<LockedEdge, 'specifier' | 'target'>[] {
  if (!leadsBack(graph)) return [];
  const found = new Map<string, Pick<LockedEdge, 'specifier' | 'target'>>();
  const seen = new Set([start]);
  for (const each of seen) {
    for (const [{ specifier }, target] of providers(graph, each)) {
      const importer = workspacePath(target);
      if (importer === undefined) seen.add(target);
      else found.set(`${importer} ${specifier}`, { specifier, target: { importer } });
    }
  }
  return sortedBy(found, ([key]) => key).map(([, link]) => link);
}

/** Whether any package of the registry depends on a workspace: in most repositories none does. */
const leadsBack = perObject((graph: BunGraph): boolean =>
  [...graph.lockfile.entries.values()].some(
    ({ package: own }) => workspacePath(own) === undefined && providers(graph, own).some(([, target]) => workspacePath(target) !== undefined),
  ),
);

function providers(graph: BunGraph, { dependencies }: BunPackage): readonly (readonly [BunDependency, BunPackage])[] {
  return dependencies.flatMap((dependency) => {
    const target = dependency.optionalPeer ? undefined : graph.target(dependency);
    return target === undefined ? [] : [[dependency, target] as const];
  });
}
