import type { Resolution } from '../../model.ts';
import { byCodeUnit } from '../../order.ts';
import { nameAndVersion } from './graph.ts';
import type { PnpmLockfile } from './lockfile.ts';
import type { Reached } from './reach.ts';

/** The packages of an install, variants by peers taken together, and who needs them. */
export function resolutionsOf(lockfile: PnpmLockfile, packages: ReadonlyMap<string, Reached>): Omit<Resolution, 'runtime'>[] {
  const named = [...packages].map(([key, { dependents }]) => ({ key, dependents, ...nameAndVersion(lockfile, key) }));
  const labels = new Map(named.map(({ key, name, version }) => [key, `${name}@${version}`]));
  const merged = new Map<string, { name: string; version: string; neededBy: Set<string> }>();
  for (const { key, name, version, dependents } of named) {
    const label = labels.get(key) as string;
    const entry = merged.get(label) ?? { name, version, neededBy: new Set<string>() };
    merged.set(label, entry);
    for (const dependent of dependents) entry.neededBy.add(labels.get(dependent) ?? dependent);
  }
  return [...merged.values()]
    .map((entry) => ({ ...entry, neededBy: [...entry.neededBy].sort() }))
    .sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.version, b.version));
}
