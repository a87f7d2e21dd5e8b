import { DEPENDENCY_KINDS } from '../../dependency-kinds.ts';
import type { DependencyMap, Importer } from '../../model.ts';
import { SECTIONS } from './lockfile.ts';
import type { NarrowedImporter } from './narrow-importers.ts';
import { parseOverrideKey } from './overrides.ts';

/** By catalog, the names used of it. */
export type CatalogUse = Map<string, Set<string>>;

/** What the kept importers' locked specifiers name: what pnpm writes into the lockfile's `catalogs`. */
export function lockedCatalogUse(importers: ReadonlyMap<string, NarrowedImporter>): CatalogUse {
  const use: CatalogUse = new Map();
  for (const { sections } of importers.values()) {
    for (const section of SECTIONS) for (const [name, { specifier }] of Object.entries(sections[section] ?? {})) addUse(use, name, specifier);
  }
  return use;
}

/** What an install may look up in the settings: the locked use, and that of manifests, overrides and packageExtensions. */
export function configuredCatalogUse(locked: CatalogUse, importers: readonly Importer[], settings: readonly unknown[]): CatalogUse {
  const use: CatalogUse = new Map([...locked].map(([catalog, names]) => [catalog, new Set(names)]));
  for (const { manifest } of importers) {
    for (const map of DEPENDENCY_KINDS) {
      for (const [name, specifier] of Object.entries<string>((manifest[map] as DependencyMap | undefined) ?? {})) addUse(use, name, specifier);
    }
  }
  for (const setting of settings) addNestedUse(use, setting);
  return use;
}

/** The catalogs of the settings, by name. */
export function catalogsOf(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { catalog, catalogs } = settings as {
    readonly catalog?: Record<string, unknown>;
    readonly catalogs?: Record<string, Record<string, unknown>>;
  };
  return { ...catalogs, ...(catalog ? { default: catalog } : {}) };
}

function addNestedUse(use: CatalogUse, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string') addUse(use, parseOverrideKey(key).target, inner);
    else addNestedUse(use, inner);
  }
}

function addUse(use: CatalogUse, name: string, specifier: string): void {
  if (!specifier.startsWith('catalog:')) return;
  const catalog = specifier.slice('catalog:'.length).trim() || 'default';
  use.set(catalog, (use.get(catalog) ?? new Set()).add(name));
}
