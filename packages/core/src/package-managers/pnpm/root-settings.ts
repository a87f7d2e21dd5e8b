import { major } from 'semver';
import type { Importer, Manifest } from '../../model.ts';
import { perObject } from '../../per-object.ts';
import { isForeign, PACKAGE_LISTS } from './kept-names.ts';
import type { PnpmLockfile } from './lockfile.ts';
import { narrowOverrides } from './overrides.ts';

/** pnpm 11 and later read no settings from package.json. */
export function readsManifestSettings(pnpmVersion: string): boolean {
  return major(pnpmVersion) <= 10;
}

/** The `pnpm` field of the root manifest, as far as this version reads it. */
export function manifestSettings(root: Manifest | undefined, pnpmVersion: string): Readonly<Record<string, unknown>> {
  const field = root?.pnpm;
  return readsManifestSettings(pnpmVersion) && typeof field === 'object' && field !== null ? (field as Record<string, unknown>) : {};
}

export interface ManifestChoice {
  readonly patches: ReadonlySet<string>;
  readonly droppedOverrides: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

/** A masked manifest with, of the fields that an install reads, only the parts it reads, and with the root's settings narrowed. */
export function narrowManifest(importer: Importer, lockfile: PnpmLockfile, pnpmVersion: string, choice: ManifestChoice): Importer {
  if (importer.id !== '.') return narrowMember(importer);
  const { manifest } = importer;
  const hasSettings = readsManifestSettings(pnpmVersion);
  return withFields(importer, {
    pnpm: hasSettings ? narrowPnpmField(manifest, lockfile, choice) : undefined,
    resolutions: hasSettings ? overridesOf(manifest.resolutions, manifest, lockfile, choice) : undefined,
  });
}

const narrowMember = perObject((importer: Importer): Importer => {
  const { devEngines } = importer.manifest;
  return withFields(importer, { devEngines: pick(devEngines, ['runtime']), pnpm: undefined, resolutions: undefined });
});

function withFields(importer: Importer, fields: Readonly<Record<string, unknown>>): Importer {
  const { manifest } = importer;
  return {
    ...importer,
    manifest: present({
      ...manifest,
      publishConfig: pick(manifest.publishConfig, ['directory', 'linkDirectory']),
      directories: pick(manifest.directories, ['bin']),
      engines: pick(manifest.engines, ['runtime']),
      ...fields,
    }),
  };
}

function narrowPnpmField(root: Manifest, lockfile: PnpmLockfile, choice: ManifestChoice): unknown {
  const field = root.pnpm;
  if (typeof field !== 'object' || field === null) return undefined;
  const settings = field as Record<string, unknown>;
  const lists = PACKAGE_LISTS.map((name) => [name, withoutForeign(settings[name], choice.names)]);
  const narrowed = present({
    ...settings,
    ...Object.fromEntries(lists),
    overrides: overridesOf(settings.overrides, root, lockfile, choice),
    patchedDependencies: pick(settings.patchedDependencies, [...choice.patches]),
  });
  return Object.keys(narrowed).length > 0 ? narrowed : undefined;
}

function overridesOf(overrides: unknown, root: Manifest, { document }: PnpmLockfile, { droppedOverrides }: ManifestChoice): unknown {
  return narrowOverrides(overrides, document.overrides, droppedOverrides, directDependencies(root));
}

function withoutForeign(list: unknown, names: ReadonlySet<string>): unknown {
  return Array.isArray(list) ? list.filter((entry) => !isForeign(String(entry), names)) : list;
}

function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What an override by reference (`$react`) may refer to. */
export function directDependencies(root: Manifest | undefined): Readonly<Record<string, string>> {
  return { ...root?.devDependencies, ...root?.dependencies, ...root?.optionalDependencies };
}

function pick(value: unknown, keys: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const kept = Object.entries(value).filter(([key]) => keys.includes(key));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
