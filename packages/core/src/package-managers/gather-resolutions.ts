import type { Resolution } from '../model.ts';
import { byCodeUnit } from '../order.ts';

/** A package of an install, and one that depends on it: an importer's id, or `name@version`. */
interface Need {
  readonly name: string;
  readonly version: string;
  readonly by: Iterable<string>;
}

/** The packages, each `name@version` once with all that need it, sorted. */
export function gatherResolutions(needs: Iterable<Need>): Omit<Resolution, 'runtime'>[] {
  const gathered = new Map<string, { name: string; version: string; neededBy: Set<string> }>();
  for (const { name, version, by } of needs) {
    const key = `${name}@${version}`;
    const known = gathered.get(key) ?? { name, version, neededBy: new Set() };
    for (const each of by) known.neededBy.add(each);
    gathered.set(key, known);
  }
  return [...gathered.values()]
    .map(({ name, version, neededBy }) => ({ name, version, neededBy: [...neededBy].sort(byCodeUnit) }))
    .sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.version, b.version));
}
