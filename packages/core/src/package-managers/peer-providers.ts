import type { Manifest } from '../model.ts';
import { ownValue } from '../own-value.ts';

/** Whether nobody has to provide a peer of a workspace package. */
export function isOptionalPeer(manifest: Manifest, name: string): boolean {
  const meta = manifest.peerDependenciesMeta as Readonly<Record<string, { readonly optional?: boolean }>> | undefined;
  return ownValue(meta, name)?.optional === true;
}

/** What stands before the dependencies in a masked manifest. */
const heading: ReadonlySet<string> = new Set(['name', 'version', 'private', 'scripts']);

/** A map that comes to hold nothing goes, as masking leaves out what is not there; one that was not there comes where masking puts it. */
export function withMap(manifest: Manifest, map: 'dependencies' | 'peerDependencies', entries: readonly [string, string][]): Manifest {
  const { [map]: known, ...rest } = manifest;
  if (entries.length === 0) return rest;
  const value = Object.fromEntries(entries);
  if (known !== undefined) return { ...manifest, [map]: value };
  const fields = Object.entries(rest);
  return Object.fromEntries([...fields.filter(([field]) => heading.has(field)), [map, value], ...fields.filter(([field]) => !heading.has(field))]);
}
