import { major } from 'semver';
import type { Importer, Manifest } from '../../model.ts';
import type { PnpmLockfile } from './lockfile.ts';
import { danglingReferences } from './overrides.ts';

/** pnpm 11 and later read no settings from package.json. */
export function readsManifestSettings(pnpmVersion: string): boolean {
  return major(pnpmVersion) <= 10;
}

/** The `pnpm` field of the root manifest, as far as this version reads it. */
export function manifestSettings(root: Manifest | undefined, pnpmVersion: string): Readonly<Record<string, unknown>> {
  const field = root?.pnpm;
  return readsManifestSettings(pnpmVersion) && typeof field === 'object' && field !== null ? (field as Record<string, unknown>) : {};
}

/** A masked manifest with, of the fields that an install reads, only the parts it reads, and with the root's settings narrowed. */
export function narrowManifest(importer: Importer, lockfile: PnpmLockfile, pnpmVersion: string, patches: ReadonlySet<string>): Importer {
  const { manifest } = importer;
  const isRoot = importer.id === '.';
  const narrowed: Record<string, unknown> = {
    ...manifest,
    publishConfig: pick(manifest.publishConfig, ['directory', 'linkDirectory']),
    directories: pick(manifest.directories, ['bin']),
    engines: pick(manifest.engines, ['runtime']),
    devEngines: isRoot ? manifest.devEngines : pick(manifest.devEngines, ['runtime']),
  };
  if (isRoot && !readsManifestSettings(pnpmVersion)) {
    delete narrowed.pnpm;
    delete narrowed.resolutions;
  } else if (isRoot) {
    narrowed.pnpm = narrowPnpmField(manifest, lockfile, patches);
    narrowed.resolutions = resolveReferences(manifest.resolutions, lockfile, manifest);
  }
  return { ...importer, manifest: Object.fromEntries(Object.entries(narrowed).filter(([, value]) => value !== undefined)) };
}

function narrowPnpmField(root: Manifest, lockfile: PnpmLockfile, patches: ReadonlySet<string>): unknown {
  const field = root.pnpm;
  if (typeof field !== 'object' || field === null) return undefined;
  const settings = field as Record<string, unknown>;
  const patched = Object.entries((settings.patchedDependencies ?? {}) as Record<string, unknown>).filter(([key]) => patches.has(key));
  const narrowed: Record<string, unknown> = {
    ...settings,
    overrides: resolveReferences(settings.overrides, lockfile, root),
    patchedDependencies: patched.length > 0 ? Object.fromEntries(patched) : undefined,
  };
  const kept = Object.entries(narrowed).filter(([, value]) => value !== undefined);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

function resolveReferences(overrides: unknown, { document }: PnpmLockfile, root: Manifest): unknown {
  if (typeof overrides !== 'object' || overrides === null) return overrides;
  const map = overrides as Record<string, unknown>;
  return { ...map, ...Object.fromEntries(danglingReferences(map, document.overrides, directDependencies(root))) };
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
