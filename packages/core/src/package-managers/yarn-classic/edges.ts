import { DEPENDENCY_KINDS } from '../../dependency-kinds.ts';
import type { Importer, LockedEdge } from '../../model.ts';
import { sortedBy } from '../../order.ts';
import { perObject } from '../../per-object.ts';
import { ownerOf } from '../owner-of.ts';
import { type ClassicEntry, type ClassicLockfile, nameOf } from './lockfile.ts';
import { isInstalledWorkspace, localFolder, requestsOf } from './requests.ts';
import { ClassicGraph, failImporter, type Target } from './walk.ts';

/**
 * The dependencies of an importer as yarn 1 links them. A package of the registry whose dependency a workspace satisfies is linked to that
 * workspace: who depends on the package has an edge to the workspaces behind it too.
 * @throws StowageError LockfileOutdated where the lockfile has no entry for a dependency.
 */
export function edgesOf(lockfile: ClassicLockfile, importer: Importer, workspace: readonly Importer[]): readonly LockedEdge[] {
  if (importer.id !== '.' && !isInstalledWorkspace(importer)) return [];
  const graph = new ClassicGraph(lockfile, workspace);
  const requests = requestsOf(importer);
  const leadsBack = workspace.some(({ name }) => namesAsked(lockfile).has(name));
  return DEPENDENCY_KINDS.flatMap((kind) =>
    sortedBy(Object.entries(importer.manifest[kind] ?? {}), ([alias]) => alias).flatMap(([alias, specifier]): LockedEdge[] => {
      const pattern = requests.get(alias);
      const target =
        pattern === undefined
          ? provider(alias, workspace)
          : (graph.importerTarget(importer, alias, pattern) ?? failImporter(lockfile, importer, alias));
      if (target === undefined) return [];
      // yarn installs no peer, so nothing comes with one: whoever provides it has an edge of its own
      const behind = leadsBack && kind !== 'peerDependencies' && 'entry' in target ? workspacesBehind(graph, target.entry) : [];
      return [{ specifier, target: edgeTarget(target, workspace) }, ...behind].map((link) => ({ kind, alias, ...link }));
    }),
  );
}

/** Names of what the packages of the registry depend on: in most repositories no workspace is called so. */
const namesAsked = perObject(({ entries }: ClassicLockfile) => new Set(entries.flatMap(({ dependencies }) => dependencies.map(nameOf))));

/** Yarn never installs peers, but it links every workspace, which provides them. */
function provider(peer: string, workspace: readonly Importer[]): Target | undefined {
  const importer = workspace.find((each) => each.manifest.name === peer && isInstalledWorkspace(each));
  return importer === undefined ? undefined : { workspace: importer };
}

function edgeTarget(target: Target, workspace: readonly Importer[]): LockedEdge['target'] {
  if ('workspace' in target) return { importer: target.workspace.id };
  const folder = localFolder(target.pattern);
  if (folder === undefined) return { package: target.entry.patterns[0] as string };
  const owner = ownerOf(folder, workspace);
  return owner === undefined ? { folder } : { importer: owner.id };
}

/** The workspaces that a package leads to through other packages alone. */
function workspacesBehind(graph: ClassicGraph, start: ClassicEntry): readonly Pick<LockedEdge, 'specifier' | 'target'>[] {
  const found = new Map<string, Pick<LockedEdge, 'specifier' | 'target'>>();
  const seen = new Set([start]);
  for (const entry of seen) {
    for (const pattern of entry.dependencies) {
      const target = graph.target(pattern);
      if (target === undefined) continue;
      if ('entry' in target) seen.add(target.entry);
      else found.set(pattern, { specifier: pattern.slice(target.workspace.name.length + 1), target: { importer: target.workspace.id } });
    }
  }
  return sortedBy(found, ([pattern]) => pattern).map(([, link]) => link);
}
