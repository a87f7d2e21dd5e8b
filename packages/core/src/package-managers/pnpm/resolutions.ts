import type { Resolution } from '../../model.ts';
import { byCodeUnit } from '../../order.ts';
import { nameAndVersion } from './graph.ts';
import type { PnpmLockfile } from './lockfile.ts';
import type { Reached } from './reach.ts';

/** The packages of an install, variants by peers taken together, and who needs them. */
export function resolutionsOf(lockfile: PnpmLockfile, packages: ReadonlyMap<string, Reached>): Omit<Resolution, 'runtime'>[] {
  const labels = new Map([...packages.keys()].map((key) => [key, nameAndVersion(lockfile, key)]));
  const label = (key: string): string => {
    const known = labels.get(key);
    return known ? `${known.name}@${known.version}` : key;
  };
  const merged = new Map<string, { name: string; version: string; neededBy: Set<string> }>();
  for (const [key, { name, version }] of labels) {
    const entry = merged.get(`${name}@${version}`) ?? { name, version, neededBy: new Set<string>() };
    merged.set(`${name}@${version}`, entry);
    for (const dependent of packages.get(key)?.dependents ?? []) entry.neededBy.add(label(dependent));
  }
  return [...merged.values()]
    .map((entry) => ({ ...entry, neededBy: [...entry.neededBy].sort() }))
    .sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.version, b.version));
}
