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
  const walk = (root: string, peers: Walk['peers']) => walkTree({ root, members, dev, peers });
  const promised = promisesPeers(repository) ? 'required' : 'none';
  const [expected, found] = [walk(whole, promised), walk(pruned, promised)];
  const [allExpected, allFound] = [walk(whole, 'all'), walk(pruned, 'all')];
  const needless = [...installedPackages(pruned)].filter((name) => !allFound.reached.has(name) && !addedByManagers.has(name));
  return [
    ...minus([...expected.edges, ...expected.peers], [found.edges, found.peers]).map((edge) => `missing: ${edge}`),
    ...minus(found.edges, [expected.edges, allExpected.edges, allExpected.peers]).map((edge) => `only pruned: ${edge}`),
    ...needless.map((name) => `needed by nobody: ${name}`),
  ].sort();
}

/**
 * Yarn's managers, bun, and npm where it is told so, leave peers to whatever lies above a package: dropping a workspace may rightly change that.
 */
function promisesPeers({ manager, npmrc }: InventedRepository): boolean {
  return manager.id === 'pnpm' || (manager.id === 'npm' && npmrc?.['legacy-peer-deps'] !== 'true');
}

/** A production manifest may have a peer among its dependencies, so that something provides it: both count as one, and so does what it leads to. */
function minus(edges: Iterable<string>, others: readonly { has(edge: string): boolean }[]): readonly string[] {
  return [...edges].filter((edge) => !others.some((other) => other.has(edge)));
}
