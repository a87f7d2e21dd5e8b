import { DEPENDENCY_KINDS } from '../../dependency-kinds.ts';
import type { Importer, Manifest } from '../../model.ts';
import type { BunDependency, BunLockfile } from './lockfile.ts';
import type { Json, JsonObject } from './text.ts';

type Uses = (catalog: string, name: string) => boolean;

/** The range that a specifier stands for, `catalog:` and aliases resolved. */
export function rangeOf({ catalogs }: BunLockfile, { name, specifier }: Pick<BunDependency, 'name' | 'specifier'>): string {
  const catalog = /^catalog:(.*)$/.exec(specifier)?.[1]?.trim();
  const range = catalog === undefined ? specifier : String(catalogs.get(catalog)?.get(name) ?? specifier);
  return range.replace(/^npm:.[^@]*@?/, '').replace(/^workspace:/, '');
}

/** Which catalog entries the importers of an install need; all of them where nobody stays behind or an override may need them. */
export function catalogUses(importers: readonly Importer[], all: number): Uses {
  if (importers.length === all) return () => true;
  const used = new Set<string>();
  for (const { manifest } of importers) {
    for (const kind of DEPENDENCY_KINDS) {
      for (const [name, specifier] of Object.entries(manifest[kind] ?? {})) {
        if (specifier.startsWith('catalog:')) used.add(`${specifier.slice('catalog:'.length).trim()}\0${name}`);
      }
    }
    if (/"catalog:/.test(JSON.stringify([manifest.overrides, manifest.resolutions]))) return () => true;
  }
  return (catalog, name) => used.has(`${catalog}\0${name}`);
}

/** The catalog sections of the lockfile without unused entries. */
export function narrowLockedCatalogs({ catalogs }: BunLockfile, uses: Uses): Readonly<Record<'catalog' | 'catalogs', Json>> {
  const narrowed = new Map([...catalogs].map(([catalog, entries]) => [catalog, new Map([...entries].filter(([name]) => uses(catalog, name)))]));
  const named: JsonObject = new Map([...narrowed].filter(([catalog, entries]) => catalog !== '' && entries.size > 0));
  return { catalog: narrowed.get('') ?? new Map(), catalogs: named };
}

/** The root manifest with the same entries; bun reads catalogs at its top and inside `workspaces`. */
export function narrowManifestCatalogs(manifest: Manifest, uses: Uses): Manifest {
  const narrowed = narrowHolder(manifest, uses);
  const { workspaces } = narrowed;
  return typeof workspaces === 'object' && workspaces !== null && !Array.isArray(workspaces)
    ? { ...narrowed, workspaces: narrowHolder(workspaces as Readonly<Record<string, unknown>>, uses) }
    : narrowed;
}

function narrowHolder<T extends Readonly<Record<string, unknown>>>(holder: T, uses: Uses): T {
  const narrowed: Record<string, unknown> = { ...holder };
  const keep = (catalog: string, entries: unknown) => Object.fromEntries(Object.entries(entries as object).filter(([name]) => uses(catalog, name)));
  if (narrowed.catalog !== undefined) narrowed.catalog = keep('', narrowed.catalog);
  if (narrowed.catalogs !== undefined) {
    const named = Object.entries(narrowed.catalogs as object).map(([catalog, entries]) => [catalog, keep(catalog, entries)] as const);
    narrowed.catalogs = Object.fromEntries(named.filter(([, entries]) => Object.keys(entries).length > 0));
  }
  for (const field of ['catalog', 'catalogs']) if (Object.keys((narrowed[field] ?? { _: 0 }) as object).length === 0) delete narrowed[field];
  return narrowed as T;
}
