import { importerDependencies, type LockedNode, needsOf } from './locked-node.ts';
import type { LockedImporter, PnpmLockfile } from './lockfile.ts';

/** How a package is reached; from this pnpm computes an entry's flags. */
export interface Reached {
  /** By some path without an optional edge. */
  required: boolean;
  /** Below a devDependency of an importer. */
  dev: boolean;
  /** Below a dependency or optional dependency of an importer. */
  prod: boolean;
}

export type ReachedPackages = ReadonlyMap<LockedNode, Readonly<Reached>>;

interface Visit {
  readonly node: LockedNode;
  readonly optional: boolean;
  readonly dev: boolean;
}

/**
 * Every package that the importers need, along the lockfile's own references.
 * @throws StowageError LockfileInconsistent where an entry is missing.
 */
export function reachPackages(lockfile: PnpmLockfile, importers: ReadonlyMap<string, LockedImporter>): ReachedPackages {
  const reached = new Map<LockedNode, Reached & { ways: number }>();
  const visits: Visit[] = [];
  const visit = (node: LockedNode, optional: boolean, dev: boolean): void => {
    let entry = reached.get(node);
    if (entry === undefined) {
      entry = { required: false, dev: false, prod: false, ways: 0 };
      reached.set(node, entry);
    }
    const way = 1 << ((optional ? 1 : 0) + (dev ? 2 : 0));
    if (entry.ways & way) return;
    entry.ways |= way;
    entry.required ||= !optional;
    entry.dev ||= dev;
    entry.prod ||= !dev;
    visits.push({ node, optional, dev });
  };
  for (const [id, importer] of importers) {
    for (const { node, section } of importerDependencies(lockfile, id, importer)) {
      visit(node, section === 'optionalDependencies', section === 'devDependencies');
    }
  }
  for (let next = visits.pop(); next; next = visits.pop()) {
    for (const { node, optional } of needsOf(lockfile, next.node).dependencies) visit(node, next.optional || optional, next.dev);
  }
  return reached;
}
