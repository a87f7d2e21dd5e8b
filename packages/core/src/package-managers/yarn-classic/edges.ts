import type { DependencyKind, Importer, LockedEdge } from '../../model.ts';
import { sortedBy } from '../../order.ts';
import type { ClassicEntry, ClassicLockfile } from './lockfile.ts';
import { isInstalledWorkspace, localFolder, requestsOf } from './requests.ts';
import { ClassicGraph, failImporter, type Target } from './walk.ts';

const KINDS: readonly DependencyKind[] = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * The dependencies of an importer as yarn 1 links them. A package of the registry whose dependency a workspace satisfies
 * is linked to that workspace, so the workspaces behind packages are edges too, under their own names.
 * @throws StowageError LockfileOutdated where the lockfile has no entry for a dependency.
 */
export function edgesOf(lockfile: ClassicLockfile, importer: Importer, workspace: readonly Importer[]): readonly LockedEdge[] {
  if (importer.id !== '.' && !isInstalledWorkspace(importer)) return [];
  const graph = new ClassicGraph(lockfile, workspace);
  const requests = requestsOf(importer);
  return KINDS.flatMap((kind) => {
    const edges = new Map<string, LockedEdge>();
    const behind: ClassicEntry[] = [];
    for (const [alias, specifier] of Object.entries(importer.manifest[kind] ?? {})) {
      const pattern = requests.get(alias);
      const target =
        pattern === undefined
          ? provider(alias, workspace)
          : (graph.importerTarget(importer, alias, pattern) ?? failImporter(lockfile, importer, alias));
      if (target === undefined) continue;
      edges.set(alias, { kind, alias, specifier, target: edgeTarget(target, workspace) });
      if ('entry' in target) behind.push(target.entry);
    }
    for (const [name, link] of workspacesBehind(graph, behind)) if (!edges.has(name)) edges.set(name, { kind, alias: name, ...link });
    return sortedBy(edges.values(), ({ alias }) => alias);
  });
}

/** Yarn never installs peers, but it links every workspace, which provides them. */
function provider(peer: string, workspace: readonly Importer[]): Target | undefined {
  const importer = workspace.find((each) => each.manifest.name === peer && isInstalledWorkspace(each));
  return importer === undefined ? undefined : { workspace: importer };
}

function edgeTarget(target: Target, workspace: readonly Importer[]): LockedEdge['target'] {
  if ('workspace' in target) return { importer: target.workspace.id };
  const folder = localFolder(target.pattern);
  if (folder === undefined) return { package: target.entry.patterns[0] as string };
  const owner = workspace.find(({ id }) => id !== '.' && (folder === id || folder.startsWith(`${id}/`)));
  return owner === undefined ? { folder } : { importer: owner.id };
}

function workspacesBehind(graph: ClassicGraph, entries: readonly ClassicEntry[]): Map<string, Pick<LockedEdge, 'specifier' | 'target'>> {
  const found = new Map<string, Pick<LockedEdge, 'specifier' | 'target'>>();
  const seen = new Set(entries);
  for (const entry of seen) {
    for (const pattern of entry.dependencies) {
      const target = graph.target(pattern);
      if (target === undefined) continue;
      if ('entry' in target) seen.add(target.entry);
      else
        found.set(target.workspace.name, { specifier: pattern.slice(target.workspace.name.length + 1), target: { importer: target.workspace.id } });
    }
  }
  return found;
}
