import { posix } from 'node:path';
import type { DependencyKind, Importer, LockedEdge } from '../../model.ts';
import { sortedBy } from '../../order.ts';
import { isFolder } from './hoist.ts';
import type { BunLockfile, BunPackage } from './lockfile.ts';
import { type BunGraph, bunGraph } from './resolve.ts';
import { failUnresolved, workspaceOf } from './workspaces.ts';

const KINDS: readonly DependencyKind[] = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
const graphs = new WeakMap<BunLockfile, BunGraph>();

/** The graph of a lockfile, worked out once. */
export function graphOf(lockfile: BunLockfile): BunGraph {
  const graph = graphs.get(lockfile) ?? bunGraph(lockfile);
  graphs.set(lockfile, graph);
  return graph;
}

/**
 * The dependencies of an importer as bun.lock resolves them. Workspaces that packages of the registry depend on are edges too,
 * under their own names.
 * @throws StowageError LockfileOutdated, LockfileInconsistent.
 */
export function edgesOf(lockfile: BunLockfile, importer: Importer, workspace: readonly Importer[]): readonly LockedEdge[] {
  const graph = graphOf(lockfile);
  const record = workspaceOf(lockfile, importer);
  return KINDS.flatMap((kind) => {
    const edges = new Map<string, LockedEdge>();
    const behind: BunPackage[] = [];
    for (const dependency of record.package.dependencies) {
      const alias = dependency.name;
      const specifier = importer.manifest[kind]?.[alias];
      if (dependency.kind !== kind || specifier === undefined) continue;
      const target = graph.target(dependency);
      if (target === undefined && (kind === 'dependencies' || kind === 'devDependencies')) throw failUnresolved(lockfile, importer, dependency);
      if (target === undefined) continue;
      const to = edgeTarget(target, workspace);
      edges.set(alias, { kind, alias, specifier, target: to });
      if (!('importer' in to)) behind.push(target);
    }
    for (const [name, edge] of workspacesBehind(graph, behind)) if (!edges.has(name)) edges.set(name, { kind, alias: name, ...edge });
    return sortedBy(edges.values(), ({ alias }) => alias);
  });
}

function edgeTarget(target: BunPackage, workspace: readonly Importer[]): LockedEdge['target'] {
  const path = workspacePath(target);
  if (path !== undefined) return { importer: path };
  const folder = localFolder(target);
  if (folder === undefined) return { package: target.id };
  const owner = workspace.find(({ id }) => id !== '.' && (folder === id || folder.startsWith(`${id}/`)));
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

function workspacesBehind(graph: BunGraph, packages: readonly BunPackage[]): Map<string, Pick<LockedEdge, 'specifier' | 'target'>> {
  const found = new Map<string, Pick<LockedEdge, 'specifier' | 'target'>>();
  const seen = new Set(packages);
  for (const each of seen) {
    for (const dependency of each.dependencies) {
      const target = dependency.optionalPeer ? undefined : graph.target(dependency);
      const importer = target === undefined ? undefined : workspacePath(target);
      if (target !== undefined && importer !== undefined) found.set(target.name, { specifier: dependency.specifier, target: { importer } });
      else if (target !== undefined) seen.add(target);
    }
  }
  return found;
}
