import { DEPENDENCY_KINDS } from '../dependency-kinds.ts';
import type { Importer, Manifest } from '../model.ts';
import { byCodeUnit } from '../order.ts';
import type { PackageManagerAdapter } from '../package-managers/adapter.ts';
import { perObject } from '../per-object.ts';

/** Fields whose order of keys says nothing, as that of overrides does. */
const unordered = new Set(['bin', 'dependenciesMeta', 'peerDependenciesMeta']);

/**
 * What an install reads of a manifest and nothing else: name, version as given, dependency maps and the fields of the package manager,
 * in one fixed order, so that neither an edit of a script or `exports` nor a new order of keys changes a byte.
 */
export function maskManifest(
  importer: Importer,
  version: string | undefined,
  fields: PackageManagerAdapter['manifestFields'],
  scripts: Readonly<Record<string, string>>,
): Importer {
  // Of the root, each install keeps something else.
  if (importer.id === '.') return mask(importer, version, [...fields.importer, ...fields.root], scripts);
  const known = maskedOf(importer);
  const masked = known.get(version) ?? mask(importer, version, fields.importer, scripts);
  known.set(version, masked);
  return masked;
}

/** Of one importer, by version: many apps install it alike. */
const maskedOf = perObject((_: Importer) => new Map<string | undefined, Importer>());

function mask(importer: Importer, version: string | undefined, fields: readonly string[], scripts: Readonly<Record<string, string>>): Importer {
  const { manifest } = importer;
  const masked: Record<string, unknown> = {};
  const keep = (field: string, value: unknown): void => {
    if (value !== undefined && !(field in masked)) masked[field] = value;
  };
  keep('name', manifest.name);
  keep('version', version);
  keep('private', manifest.private);
  if (Object.keys(scripts).length > 0) keep('scripts', scripts);
  for (const map of DEPENDENCY_KINDS) keep(map, sorted(manifest[map]));
  for (const field of fields.toSorted(byCodeUnit)) {
    keep(field, unordered.has(field) ? sortedMap(manifest[field]) : manifest[field]);
  }
  return { ...importer, manifest: masked as Manifest };
}

/** The text of a manifest, as npm formats it. */
export const printManifest = perObject((manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`);

function sorted(map: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> | undefined {
  return map === undefined ? undefined : Object.fromEntries(Object.entries(map).sort(([a], [b]) => byCodeUnit(a, b)));
}

function sortedMap(value: unknown): unknown {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? sorted(value as Readonly<Record<string, string>>) : value;
}
