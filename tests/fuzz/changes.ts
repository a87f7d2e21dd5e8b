import type { Manifest } from '@stowage/core';
import type { InventedRepository } from './invented.ts';

/** What a package outside the closure comes to depend on: every registry of an examination offers it. */
export const newcomer = { name: 'newcomer', version: '1.0.0' };

/** The repository with a member outside the closure that has another version, other scripts and a dependency more; undefined where all are in it. */
export function changeOutside(repository: InventedRepository, closure: readonly string[]): InventedRepository | undefined {
  const outside = repository.importers.find(({ id }) => id !== '.' && !closure.includes(id));
  if (outside === undefined) return undefined;
  const manifest: Manifest = {
    ...outside.manifest,
    scripts: { build: 'other', test: 'more' },
    dependencies: { ...outside.manifest.dependencies, [newcomer.name]: '^1.0.0' },
  };
  return { ...repository, importers: repository.importers.map((importer) => (importer === outside ? { id: outside.id, manifest } : importer)) };
}

/** The same manifest with the keys of all its maps the other way round. Overrides stay: their order says which wins. */
export function reverseKeys(manifest: Manifest): Manifest {
  const entries = Object.entries(manifest).map(([key, value]) => {
    const isMap = /dependencies(Meta)?$|^(bin|scripts|engines)$/i.test(key) && typeof value === 'object' && value !== null && !Array.isArray(value);
    return [key, isMap && key !== 'patchedDependencies' ? Object.fromEntries(Object.entries(value).reverse()) : value];
  });
  return Object.fromEntries(entries.reverse());
}
