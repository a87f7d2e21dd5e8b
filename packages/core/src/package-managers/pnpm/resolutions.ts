import type { Resolution } from '../../model.ts';
import { byCodeUnit, sortedBy } from '../../order.ts';
import { importerDependencies, type LockedNode, needsOf } from './locked-node.ts';
import type { LockedImporter, PnpmLockfile } from './lockfile.ts';
import type { ReachedPackages } from './reach.ts';

interface Needed extends Omit<Resolution, 'runtime'> {
  readonly neededBy: string[];
}

/** The packages of an install, variants by peers taken together, and who needs them. */
export function resolutionsOf(
  lockfile: PnpmLockfile,
  importers: ReadonlyMap<string, LockedImporter>,
  packages: ReachedPackages,
): Omit<Resolution, 'runtime'>[] {
  const dependents = [
    ...[...importers].map(([id, locked]) => ({ label: id, needs: importerDependencies(lockfile, id, locked) })),
    ...[...packages.keys()].map((node) => ({ label: node.label, needs: needsOf(lockfile, node).dependencies })),
  ];
  const merged = new Map<string, Needed>();
  // In the order of their labels, so that each list of them comes sorted, and what variants of one say stands side by side.
  for (const { label, needs } of sortedBy(dependents, (dependent) => dependent.label)) {
    for (const { node } of needs) {
      const { neededBy } = entryOf(node, merged);
      if (neededBy.at(-1) !== label) neededBy.push(label);
    }
  }
  return [...merged.values()].sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.version, b.version));
}

function entryOf({ label, name, version }: LockedNode, merged: Map<string, Needed>): Needed {
  let entry = merged.get(label);
  if (entry === undefined) {
    entry = { name, version, neededBy: [] };
    merged.set(label, entry);
  }
  return entry;
}
