import type { Importer } from './model.ts';
import { perObject } from './per-object.ts';

/** The importers of a workspace by id. */
export const importersById = perObject(
  (importers: readonly Importer[]): ReadonlyMap<string, Importer> => new Map(importers.map((importer) => [importer.id, importer])),
);

/** The importers that have a manifest of their own, which are those a package manager knows. */
export const withManifest = perObject((importers: readonly Importer[]): readonly Importer[] =>
  importers.filter(({ derived }) => derived === undefined),
);

/** Those of some ids, in the order of the ids. */
export function importersOf(importers: readonly Importer[], ids: Iterable<string>): Importer[] {
  const byId = importersById(importers);
  return Array.from(ids, (id) => byId.get(id) as Importer);
}
