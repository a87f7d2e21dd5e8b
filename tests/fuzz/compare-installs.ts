import { addedByManagers } from './invent-registry.ts';
import type { InventedRepository } from './invented.ts';
import { installedPackages, type Walk, walkTree } from './tree.ts';

interface Installs {
  readonly repository: InventedRepository;
  readonly whole: string;
  readonly pruned: string;
  /** The importers of the pruned install, the root among them. */
  readonly members: readonly string[];
  readonly dev: boolean;
}

/** How a pruned install differs from the whole one cut to the same importers: what each package would load, and what else lies there. */
export function compareInstalls({ repository, whole, pruned, members, dev }: Installs): readonly string[] {
  if (isLaidOutInPart(repository, members)) return [];
  const peers = promisesPeers(repository) ? 'required' : 'none';
  const walk = (root: string, more: Partial<Walk>) => walkTree({ root, members, dev, peers: 'all', promised: peers, passing: 'outsiders', ...more });
  const [expected, found] = [walk(whole, { peers }), walk(pruned, { peers })];
  const [allExpected, allFound, nested] = [walk(whole, {}), walk(pruned, {}), walk(whole, { passing: 'nobody' })];
  const isFoundNested = (edge: string): boolean => {
    const [who = ''] = edge.split(/(?<=: )/);
    return [...found.edges, ...found.peers].some((each) => each.startsWith(who) && (nested.edges.has(each) || nested.peers.has(each)));
  };
  const everybody = walk(whole, { members: repository.importers.map(({ id }) => id), dev: true });
  const orphans = new Set([...installedPackages(whole)].filter((name) => !everybody.reached.has(name)));
  const needless = [...installedPackages(pruned)].filter((name) => !allFound.reached.has(name) && !addedByManagers.has(name) && !orphans.has(name));
  // yarn's own patch of a workspace ends up nowhere
  const dropped = new Set(repository.importers.flatMap(({ id, manifest }) => (members.includes(id) ? [] : [`(.) -> ${manifest.name}: nothing`])));
  return [
    ...minus([...expected.edges, ...expected.peers], [found.edges, found.peers])
      .filter((edge) => !isFoundNested(edge) && !dropped.has(edge))
      .map((edge) => `missing: ${edge}`),
    ...minus(found.edges, [expected.edges, allExpected.edges, allExpected.peers, nested.edges, nested.peers]).map((edge) => `only pruned: ${edge}`),
    ...needless.map((name) => `needed by nobody: ${name}`),
  ].sort();
}

/** npm lays out nothing below a workspace that lies in another, where both are there: only the pruned install has what it locked. */
function isLaidOutInPart({ manager, importers }: InventedRepository, members: readonly string[]): boolean {
  return manager.id === 'npm' && members.some((id) => importers.some((outer) => outer.id !== '.' && id.startsWith(`${outer.id}/`)));
}

/**
 * Yarn's managers, bun, npm where it is told so, and pnpm's hoisted linker leave peers to whatever lies above a package: dropping a workspace may
 * rightly change that.
 */
function promisesPeers({ manager, npmrc, settings }: InventedRepository): boolean {
  if (manager.id === 'pnpm') return settings?.nodeLinker !== 'hoisted' && npmrc?.['node-linker'] !== 'hoisted';
  return manager.id === 'npm' && npmrc?.['legacy-peer-deps'] !== 'true';
}

/** A production manifest may have a peer among its dependencies, so that something provides it: both count as one, and so does what it leads to. */
function minus(edges: Iterable<string>, others: readonly { has(edge: string): boolean }[]): readonly string[] {
  return [...edges].filter((edge) => !others.some((other) => other.has(edge)));
}
