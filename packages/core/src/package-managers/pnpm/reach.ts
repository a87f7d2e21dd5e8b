import { dependenciesOf, packageKey } from './graph.ts';
import { type LockedImporter, type PnpmLockfile, SECTIONS } from './lockfile.ts';

/** How a package is reached; from this pnpm computes an entry's flags. */
export interface Reached {
  /** By some path without an optional edge. */
  required: boolean;
  /** Below a devDependency of an importer. */
  dev: boolean;
  /** Below a dependency or optional dependency of an importer. */
  prod: boolean;
  /** Importer ids and package keys that depend on it. */
  readonly dependents: Set<string>;
}

interface Visit {
  readonly key: string;
  readonly optional: boolean;
  readonly dev: boolean;
}

/**
 * Every package that the importers need, by key, along the lockfile's own references.
 * @throws StowageError LockfileInconsistent where an entry is missing.
 */
export function reachPackages(lockfile: PnpmLockfile, importers: ReadonlyMap<string, LockedImporter>): Map<string, Reached> {
  const reached = new Map<string, Reached & { ways: number }>();
  const visits: Visit[] = [];
  const visit = (dependent: string, key: string, optional: boolean, dev: boolean): void => {
    const entry = reached.get(key) ?? { required: false, dev: false, prod: false, dependents: new Set<string>(), ways: 0 };
    if (entry.ways === 0) reached.set(key, entry);
    entry.dependents.add(dependent);
    const way = 1 << ((optional ? 1 : 0) + (dev ? 2 : 0));
    if (entry.ways & way) return;
    entry.ways |= way;
    entry.required ||= !optional;
    entry.dev ||= dev;
    entry.prod ||= !dev;
    visits.push({ key, optional, dev });
  };
  for (const [id, importer] of importers) {
    for (const section of SECTIONS) {
      for (const [alias, { version }] of Object.entries(importer[section] ?? {})) {
        const key = packageKey(lockfile, alias, version, id);
        if (key !== undefined) visit(id, key, section === 'optionalDependencies', section === 'devDependencies');
      }
    }
  }
  for (let next = visits.pop(); next; next = visits.pop()) {
    for (const { key, optional } of dependenciesOf(lockfile, next.key)) visit(next.key, key, next.optional || optional, next.dev);
  }
  return reached;
}
