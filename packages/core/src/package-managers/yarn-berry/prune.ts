import type { Importer, Manifest, Resolution } from '../../model.ts';
import { byCodeUnit, sortedBy } from '../../order.ts';
import type { PrunedInstall, PruneInput } from '../adapter.ts';
import { cacheFiles, localFiles, settingsFiles } from './install-files.ts';
import type { BerryLockfile } from './lockfile.ts';
import { printLockfile } from './print.ts';
import { berryProject, installedRanges } from './project.ts';
import { nameAndVersion, nameOf, type Reached, reach } from './reach.ts';
import { readSettings } from './settings.ts';

/**
 * The same install for fewer importers: the lockfile that yarn itself would write for them, settings, patches, local packages and archives.
 * @throws StowageError LockfileOutdated, LockfileInconsistent, MissingFile, InvalidSettings
 */
export function prune({ lockfile, packageManager, scope, workspace, files }: PruneInput<BerryLockfile>): PrunedInstall {
  const settings = readSettings(files);
  const root = workspace.find(({ id }) => id === '.')?.manifest ?? {};
  const project = berryProject(lockfile, root, settings, packageManager.version);
  const importers = scope.importers.map((importer) => narrow(importer, workspace, scope.importers));
  const reached = reach(project, importers);
  const fromSettings = settingsFiles(settings, files);
  const descriptors = [...reached.descriptors.values()].flatMap((asked) => [...asked]);
  const planned = [
    { path: lockfile.path, mode: '100644' as const, text: printLockfile(project, reached, importers) },
    ...fromSettings.files,
    ...localFiles(descriptors, workspace, files),
    ...cacheFiles(settings, reached.descriptors.keys(), files),
  ];
  return {
    importers: importers.map((importer) => (importer.id === '.' ? withoutUnused(importer, reached.resolutions) : importer)),
    files: sortedBy(new Map(planned.map((file) => [file.path, file])).values(), ({ path }) => path),
    resolutions: resolutionsOf(reached),
    diagnostics: fromSettings.diagnostics,
  };
}

function narrow(importer: Importer, workspace: readonly Importer[], kept: readonly Importer[]): Importer {
  const manifest = importer.id === '.' ? withNested(importer.manifest, workspace, kept) : importer.manifest;
  return { ...importer, manifest: withLockedRanges({ ...importer, manifest }, workspace) };
}

/**
 * Leaves out of `workspaces` the paths of workspaces that the install does not cover; patterns stay. What another workspace declares is added:
 * that one may be left out, and its masked manifest declares nothing.
 */
function withNested(root: Manifest, workspace: readonly Importer[], kept: readonly Importer[]): Manifest {
  const { workspaces } = root as { workspaces?: unknown };
  const ids = new Set(kept.map(({ id }) => id));
  const dropped = new Set(workspace.flatMap(({ id }) => (ids.has(id) ? [] : [id])));
  const declaring = workspace.filter(({ id, manifest }) => id !== '.' && manifest.workspaces !== undefined);
  const nested = [...ids].filter((id) => declaring.some((other) => id.startsWith(`${other.id}/`)));
  const keep = (patterns: readonly unknown[]): unknown[] => {
    const own = patterns.filter((pattern) => !dropped.has(String(pattern).replace(/^\.\//, '').replace(/\/$/, '')));
    return [...own, ...nested.filter((id) => !own.includes(id))];
  };
  if (Array.isArray(workspaces)) return { ...root, workspaces: keep(workspaces) };
  const { packages } = (workspaces ?? {}) as { packages?: unknown };
  return Array.isArray(packages) ? { ...root, workspaces: { ...(workspaces as object), packages: keep(packages) } } : root;
}

/** `resolutions` that decide nothing in this install would only make a change of theirs one of the install. */
function withoutUnused(root: Importer, used: ReadonlySet<string>): Importer {
  const { resolutions, ...manifest } = root.manifest;
  const kept = Object.entries((resolutions ?? {}) as Record<string, unknown>).filter(([key]) => used.has(key));
  return { ...root, manifest: kept.length === 0 ? manifest : { ...root.manifest, resolutions: Object.fromEntries(kept) } };
}

/**
 * Where a name stands in several maps, yarn locks one range of them alone, that of devDependencies first. A production install has no
 * devDependencies: the map that remains takes over the locked range.
 */
function withLockedRanges(importer: Importer, workspace: readonly Importer[]): Manifest {
  const original = workspace.find(({ id }) => id === importer.id)?.manifest ?? {};
  const locked = installedRanges(original);
  const overruled = [...installedRanges(importer.manifest)].filter(([name, range]) => locked.get(name) !== range);
  if (overruled.length === 0) return importer.manifest;
  const manifest: Record<string, unknown> = { ...importer.manifest };
  for (const kind of ['dependencies', 'optionalDependencies'] as const) {
    const map = importer.manifest[kind];
    if (map === undefined) continue;
    manifest[kind] = Object.fromEntries(Object.entries(map).map(([name, range]) => [name, locked.get(name) ?? range]));
  }
  return manifest as Manifest;
}

function resolutionsOf({ neededBy }: Reached): Omit<Resolution, 'runtime'>[] {
  const byId = new Map<string, { name: string; version: string; neededBy: Set<string> }>();
  for (const [entry, dependents] of neededBy) {
    if (entry.workspace !== undefined) continue;
    const id = nameAndVersion(entry);
    const known = byId.get(id) ?? { name: nameOf(entry), version: entry.version, neededBy: new Set() };
    for (const dependent of dependents) known.neededBy.add(dependent);
    byId.set(id, known);
  }
  return [...byId.values()]
    .map((resolution) => ({ ...resolution, neededBy: [...resolution.neededBy].sort(byCodeUnit) }))
    .sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.version, b.version));
}
