import { ErrorCode, StowageError } from '../../errors.ts';
import type { Importer, PlannedFile } from '../../model.ts';
import { byCodeUnit, sortedBy } from '../../order.ts';
import type { PrunedInstall, PruneInput } from '../adapter.ts';
import { type ClassicLockfile, nameOf, printClassicLockfile, rangeOf } from './lockfile.ts';
import { isInstalledWorkspace, satisfies } from './requests.ts';
import { localPackages, rcFiles } from './settings.ts';
import { ClassicGraph, packageName, type Reached } from './walk.ts';

/**
 * Keeps what the importers and the root's resolutions reach, each entry under the patterns by which it is reached.
 * @throws StowageError LockfileOutdated, LockfileInconsistent, LinkLeavesClosure, MissingFile.
 */
export function pruneClassic({ lockfile, scope, workspace, files }: PruneInput<ClassicLockfile>): PrunedInstall {
  const root = scope.importers.find(({ id }) => id === '.')?.manifest ?? {};
  const reached = new ClassicGraph(lockfile, workspace).reach(scope.importers, root);
  assertClosed(reached, scope.importers);
  const kept = new Map([...reached.patterns].map(([entry, patterns]) => [entry, entry.patterns.filter((pattern) => patterns.has(pattern))]));
  const settings = rcFiles(files);
  const planned: PlannedFile[] = [
    { path: lockfile.path, mode: '100644', text: printClassicLockfile(lockfile, kept) },
    ...settings.files,
    ...localPackages(files, [...kept.keys()], lockfile.path),
  ];
  return {
    importers: scope.importers.map((importer) => withTellingVersion(importer, workspace, reached)),
    files: sortedBy(new Map(planned.map((file) => [file.path, file])).values(), ({ path }) => path),
    resolutions: resolutionsOf(reached),
    diagnostics: settings.diagnostics,
  };
}

function resolutionsOf(reached: Reached): PrunedInstall['resolutions'] {
  const byPackage = new Map<string, { name: string; version: string; neededBy: Set<string> }>();
  for (const entry of reached.patterns.keys()) {
    const name = packageName(entry);
    const known = byPackage.get(`${name}@${entry.version}`) ?? { name, version: entry.version, neededBy: new Set() };
    for (const by of reached.neededBy.get(entry) ?? []) known.neededBy.add(by);
    byPackage.set(`${name}@${entry.version}`, known);
  }
  return [...byPackage.values()]
    .sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.version, b.version))
    .map(({ name, version, neededBy }) => ({ name, version, neededBy: [...neededBy].sort(byCodeUnit) }));
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
 * Yarn decides between workspace and registry by the workspace's version alone, for packages of the registry too.
 * Where a masked version would decide otherwise than the real one, the real one stays. A workspace that yarn ignores
 * for want of a version goes on without one.
 */
function withTellingVersion(importer: Importer, workspace: readonly Importer[], reached: Reached): Importer {
  const original = workspace.find(({ id }) => id === importer.id)?.manifest;
  const { version, ...manifest } = importer.manifest;
  if (importer.id === '.' || original === undefined || version === original.version) return importer;
  if (!isInstalledWorkspace({ ...importer, manifest: original })) return { ...importer, manifest };
  const tells = [...reached.asked].filter((pattern) => nameOf(pattern) === importer.name).map(rangeOf);
  const same = version !== undefined && tells.every((range) => satisfies(version, range) === satisfies(original.version, range));
  return same
    ? importer
    : { ...importer, manifest: { ...importer.manifest, ...(original.version === undefined ? {} : { version: original.version }) } };
}
