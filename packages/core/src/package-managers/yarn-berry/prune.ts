import type { Importer, Manifest } from '../../model.ts';
import type { PrunedInstall, PruneInput } from '../adapter.ts';
import { gatherResolutions } from '../gather-resolutions.ts';
import { withResolutions } from '../narrow-resolutions.ts';
import { pathOfPattern, withPatterns } from '../narrow-workspaces.ts';
import { eachOnce } from '../planned-files.ts';
import { tellingVersion } from '../telling-version.ts';
import { checkEntries } from './check-entries.ts';
import { type Descriptor, parseDescriptor } from './descriptor.ts';
import { cacheFiles, localFiles, settingsFiles } from './install-files.ts';
import type { BerryLockfile, LockEntry } from './lockfile.ts';
import { nameOf } from './package-entry.ts';
import { printLockfile } from './print.ts';
import { berryProject, installedRanges } from './project.ts';
import { type Reached, reach } from './reach.ts';
import { readSettings } from './settings.ts';
import { askedWorkspace, versionRange } from './version-range.ts';

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
  const doubts = checkEntries(lockfile, reached);
  const fromSettings = settingsFiles(settings, files);
  const descriptors = [...reached.descriptors.values()].flatMap((asked) => [...asked]);
  const planned = [
    { path: lockfile.path, mode: '100644' as const, text: printLockfile(project, reached, importers) },
    ...fromSettings.files,
    ...localFiles(descriptors, workspace, files),
    ...cacheFiles(settings, reached.descriptors.keys(), files),
  ];
  const asked = [
    ...descriptors.flatMap((descriptor) => parseDescriptor(descriptor) ?? []).map(askedWorkspace),
    ...[...reached.descriptors.keys()].flatMap(versionInCopy),
  ];
  return {
    importers: importers
      .map((importer) => withTellingVersion(importer, workspace, asked))
      .map((importer) => (importer.id === '.' ? withResolutions(importer, (key) => reached.resolutions.has(key)) : importer)),
    files: eachOnce(planned),
    resolutions: resolutionsOf(reached),
    diagnostics: [...fromSettings.diagnostics, ...doubts],
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
  const ids = new Set(kept.map(({ id }) => id));
  const dropped = new Set(workspace.flatMap(({ id }) => (ids.has(id) ? [] : [id])));
  const declaring = workspace.filter(({ id, manifest }) => id !== '.' && manifest.workspaces !== undefined);
  const nested = [...ids].filter((id) => declaring.some((other) => id.startsWith(`${other.id}/`)));
  return withPatterns(root, (patterns) => {
    const own = patterns.filter((pattern) => !dropped.has(pathOfPattern(pattern)));
    return [...own, ...nested.filter((id) => !own.includes(id))];
  });
}

/** A patched copy of a workspace has its version in its name. */
function versionInCopy(entry: LockEntry): Descriptor[] {
  const version = /::(?:.*&)?version=([^&]+)/.exec(entry.resolution)?.[1];
  return entry.workspace === undefined || version === undefined ? [] : [{ name: nameOf(entry), range: version }];
}

/** Yarn takes a workspace for any range of its name that its version is in, also of packages of the registry. */
function withTellingVersion(importer: Importer, workspace: readonly Importer[], asked: readonly Descriptor[]): Importer {
  const { version: masked } = importer.manifest;
  const { version } = workspace.find(({ id }) => id === importer.id)?.manifest ?? {};
  if (masked === undefined || version === undefined) return importer;
  const ranges = asked.filter(({ name }) => name === importer.name).flatMap(({ range }) => versionRange(range) ?? []);
  return { ...importer, manifest: { ...importer.manifest, version: tellingVersion(masked, version, ranges) } };
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

function resolutionsOf({ neededBy }: Reached): PrunedInstall['resolutions'] {
  const packages = [...neededBy].filter(([{ workspace }]) => workspace === undefined);
  return gatherResolutions(packages.map(([entry, by]) => ({ name: nameOf(entry), version: entry.version, by })));
}
