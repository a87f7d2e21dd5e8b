import type { Importer } from '../../model.ts';
import { byCodeUnit, sortedBy } from '../../order.ts';
import { parseDescriptor } from './descriptor.ts';
import type { LockEntry } from './lockfile.ts';
import { nameOf, packageOf, workspaceEntry } from './package-entry.ts';
import type { BerryProject } from './project.ts';

/**
 * The descriptors that yarn lists besides those that anything asks for: where it meets a package under an alias first, and a dependency of the
 * package has that package itself as a peer, the true name with the alias' range. Which way is the first is told as yarn's core finds it
 * (`applyVirtualResolutionMutations`): depth first from each workspace, by the names of dependencies, those with peers after those without. Peers
 * are not followed where the dependent provides them; one that nobody provides is, where the package depends on it too.
 * @param kept the entries of these importers, with the descriptors that are asked for
 */
export function namesakes(
  project: BerryProject,
  importers: readonly Importer[],
  kept: ReadonlyMap<LockEntry, ReadonlySet<string>>,
): ReadonlyMap<LockEntry, string> {
  const candidates = new Set([...kept].flatMap(([entry, asked]) => (isAliased(entry, asked) && providesItself(project, entry) ? [entry] : [])));
  const found = new Map<LockEntry, string>();
  if (candidates.size === 0) return found;

  const seen = new Map<LockEntry, Set<string>>();
  const manifests = new Map(importers.map((importer) => [importer.id, importer]));
  const visit = (descriptor: string, entry: LockEntry, provided: ReadonlySet<string>, isTop: boolean): void => {
    const way = isTop || entry.peers.length === 0 ? '' : `with ${[...provided].sort(byCodeUnit).join()}`;
    const ways = seen.get(entry) ?? new Set();
    if (ways.has(way)) return;
    seen.set(entry, ways.add(way));
    const { name, range } = parseDescriptor(descriptor) ?? {};
    if (candidates.has(entry) && name !== nameOf(entry)) found.set(entry, `${nameOf(entry)}@${range}`);
    const importer = manifests.get(entry.workspace ?? '');
    const dependencies = project.dependenciesOf(importer === undefined ? packageOf(entry) : project.packageOf(importer, entry));
    const provides = new Set([nameOf(entry), ...provided, ...dependencies.map(({ alias }) => alias)]);
    const withPeers: (() => void)[] = [];
    for (const { alias, descriptor: next } of sortedBy(dependencies, (dependency) => dependency.alias)) {
      const target = project.lockfile.byDescriptor.get(next);
      if (target === undefined || provided.has(alias)) continue;
      const providedPeers = new Set(target.peers.filter((peer) => provides.has(peer)));
      if (target.peers.length === 0) visit(next, target, providedPeers, false);
      else withPeers.push(() => visit(next, target, providedPeers, false));
    }
    for (const go of withPeers) go();
  };
  for (const importer of importers) {
    const entry = workspaceEntry(project.lockfile, importer);
    visit(entry.resolution, entry, new Set(), true);
  }
  return found;
}

function isAliased(entry: LockEntry, asked: ReadonlySet<string>): boolean {
  return entry.peers.length === 0 && [...asked].some((descriptor) => parseDescriptor(descriptor)?.name !== nameOf(entry));
}

/** To a dependency that has it as a peer, while it depends on nothing of its own name. */
function providesItself(project: BerryProject, entry: LockEntry): boolean {
  const dependencies = project.dependenciesOf(packageOf(entry));
  const own = nameOf(entry);
  if (dependencies.some(({ alias }) => alias === own)) return false;
  return dependencies.some(({ descriptor }) => project.lockfile.byDescriptor.get(descriptor)?.peers.includes(own));
}
