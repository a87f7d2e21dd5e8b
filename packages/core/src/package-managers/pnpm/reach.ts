import { packageKey } from './graph.ts';
import { type LockedImporter, type LockedPackage, type PnpmLockfile, SECTIONS } from './lockfile.ts';

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
  const reached = new Map<string, Reached>();
  const visits: Visit[] = [];
  const visited = new Set<string>();
  const visit = (dependent: string, references: Readonly<Record<string, string>> | undefined, optional: boolean, dev: boolean): void => {
    for (const alias in references) {
      const key = packageKey(lockfile, alias, references[alias] as string, dependent);
      if (key === undefined) continue;
      const entry = reached.get(key) ?? { required: false, dev: false, prod: false, dependents: new Set<string>() };
      reached.set(key, entry);
      entry.dependents.add(dependent);
      const once = `${optional ? 'o' : ''}${dev ? 'd' : ''} ${key}`;
      if (visited.has(once)) continue;
      visited.add(once);
      if (!optional) entry.required = true;
      if (dev) entry.dev = true;
      else entry.prod = true;
      visits.push({ key, optional, dev });
    }
  };
  for (const [id, importer] of importers) {
    for (const section of SECTIONS) visit(id, versionsOf(importer, section), section === 'optionalDependencies', section === 'devDependencies');
  }
  for (let next = visits.pop(); next; next = visits.pop()) {
    const entry = lockfile.document.snapshots[next.key] as LockedPackage;
    visit(next.key, entry.dependencies, next.optional, next.dev);
    visit(next.key, entry.optionalDependencies, true, next.dev);
  }
  return reached;
}

function versionsOf(importer: LockedImporter, section: (typeof SECTIONS)[number]): Record<string, string> {
  return Object.fromEntries(Object.entries(importer[section] ?? {}).map(([alias, { version }]) => [alias, version]));
}
