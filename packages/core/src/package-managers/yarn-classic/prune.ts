import { ErrorCode, StowageError } from '../../errors.ts';
import type { Importer, Manifest, PlannedFile } from '../../model.ts';
import type { PrunedInstall, PruneInput } from '../adapter.ts';
import { gatherResolutions } from '../gather-resolutions.ts';
import { withResolutions } from '../narrow-resolutions.ts';
import { eachOnce } from '../planned-files.ts';
import { tellingVersion } from '../telling-version.ts';
import { type ClassicLockfile, nameOf, printClassicLockfile, rangeOf } from './lockfile.ts';
import { isInstalledWorkspace, localFolder, withRangesOf } from './requests.ts';
import { localPackages, rcFiles } from './settings.ts';
import { ClassicGraph, packageName, type Reached } from './walk.ts';

/**
 * Keeps what the importers and the root's resolutions reach, each entry under the patterns by which it is reached.
 * @throws StowageError LockfileOutdated, LockfileInconsistent, LinkLeavesClosure, MissingFile.
 */
export function pruneClassic({ lockfile, scope, workspace, files }: PruneInput<ClassicLockfile>): PrunedInstall {
  const originals = new Map(workspace.map((importer) => [importer.id, importer]));
  const importers = scope.importers.map((importer) => withRangesOf(originals.get(importer.id) ?? importer, importer));
  const reached = new ClassicGraph(lockfile, workspace).reach(importers, (folder) => {
    const text = originals.has(folder) ? undefined : files.read(`${folder}/package.json`);
    return text === undefined ? undefined : (JSON.parse(text) as Manifest);
  });
  assertClosed(reached, importers);
  const kept = new Map([...reached.patterns].map(([entry, patterns]) => [entry, entry.patterns.filter((pattern) => patterns.has(pattern))]));
  const settings = rcFiles(files);
  const planned: PlannedFile[] = [
    { path: lockfile.path, mode: '100644', text: printClassicLockfile(lockfile, kept) },
    ...settings.files,
    ...localPackages(files, [...kept.keys()], lockfile.path),
  ];
  return {
    importers: importers.map((importer) =>
      importer.id === '.'
        ? withResolutions(importer, (key) => !reached.idle.has(key))
        : withTellingVersion(importer, originals.get(importer.id) ?? importer, reached),
    ),
    files: eachOnce(planned),
    resolutions: resolutionsOf(reached),
    diagnostics: settings.diagnostics,
  };
}

function resolutionsOf({ patterns, neededBy }: Reached): PrunedInstall['resolutions'] {
  return gatherResolutions(
    [...patterns.keys()].map((entry) => ({ name: packageName(entry), version: entry.version, by: neededBy.get(entry) ?? [] })),
  );
}

/** A workspace that stays behind would be looked for in the registry, where anyone may own its name. */
function assertClosed(reached: Reached, importers: readonly Importer[]): void {
  for (const [workspace, by] of reached.workspaces) {
    if (importers.some(({ id }) => id === workspace.id)) continue;
    throw new StowageError(ErrorCode.LinkLeavesClosure, `${by} depends on the workspace ${workspace.name}, which the app does not.`, {
      where: { file: `${workspace.id}/package.json` },
      hint: `Make ${workspace.name} a dependency of the app.`,
    });
  }
}

/**
 * The masked version as far as yarn sees no difference: it also writes the version of a linked folder into the lockfile.
 * A workspace that yarn ignores for want of a version goes on without one.
 */
function withTellingVersion(importer: Importer, whole: Importer, reached: Reached): Importer {
  const { version: masked, ...manifest } = importer.manifest;
  const { version } = whole.manifest;
  if (masked === version) return importer;
  if (version === undefined || !isInstalledWorkspace(whole)) return { ...importer, manifest };
  const linked = [...reached.patterns.keys()].some(({ patterns }) => patterns.some((pattern) => localFolder(pattern) === importer.id));
  const ranges = [...reached.asked].filter((pattern) => nameOf(pattern) === importer.name).map(rangeOf);
  return { ...importer, manifest: { ...importer.manifest, version: linked ? version : tellingVersion(masked, version, ranges) } };
}
