import { importersById } from '../../importers.ts';
import type { Diagnostic, Files, Importer, PlannedFile } from '../../model.ts';
import { recordOf } from '../../text.ts';
import type { InstallScope, PrunedInstall, PruneInput } from '../adapter.ts';
import { sanitizeNpmrc } from '../npmrc.ts';
import { eachOnce } from '../planned-files.ts';
import { assertCurrent } from './assert-current.ts';
import { configuredCatalogUse, lockedCatalogUse } from './catalogs.ts';
import { checkPackages } from './check-packages.ts';
import { pnpmfileSetting, rejectSeparateLockfiles, tellBranchLockfiles } from './either-settings.ts';
import { injectedFolders, planInjected, tellInjected, withOwnFields } from './injected.ts';
import { keptNames } from './kept-names.ts';
import { planLocalFiles } from './local-files.ts';
import type { PnpmLockfile } from './lockfile.ts';
import { nameOrder } from './name-order.ts';
import { narrowImporters } from './narrow-importers.ts';
import { foreignOverrides, narrowOverrides } from './overrides.ts';
import { planPatches, usedPatches } from './patches.ts';
import { planPnpmfiles } from './pnpmfiles.ts';
import { printLockfile } from './print-lockfile.ts';
import { reachPackages } from './reach.ts';
import { resolutionsOf } from './resolutions.ts';
import { directDependencies, manifestSettings, narrowManifest } from './root-settings.ts';
import { printWorkspaceSettings, readWorkspaceSettings, SETTINGS_FILE, type WorkspaceSettings } from './workspace-settings.ts';

/**
 * The lockfile, settings, rc file, pnpmfiles, patches and local packages that an install of these importers reads.
 * @throws StowageError LockfileOutdated, LockfileInconsistent, LockfileSyntax, MissingFile, LinkLeavesClosure or InvalidSettings.
 */
export function prune({ lockfile, packageManager, scope, workspace, files }: PruneInput<PnpmLockfile>): PrunedInstall {
  const settings = readWorkspaceSettings(files);
  rejectSeparateLockfiles(settings, files);
  const narrowed = narrowImporters(lockfile, scope.importers, workspace);
  const locked = new Map([...narrowed].map(([id, { sections }]) => [id, sections]));
  const packages = reachPackages(lockfile, locked);
  const masked = narrowed.get('.')?.importer.manifest;
  const rootSettings = manifestSettings(masked, packageManager.version);
  const pnpmfiles = planPnpmfiles(pnpmfileSetting(settings, files), files);
  const names = keptNames(lockfile, narrowed, packages);
  const patches = usedPatches(lockfile, packages);
  checkPackages(lockfile, packages);
  // A hook may set overrides that no file here shows; and who leaves nothing out gets what was there.
  const hooked = pnpmfiles.length > 0 || settings.values.configDependencies !== undefined;
  const kept = new Set(scope.importers.map(({ id }) => id));
  const lockedUse = lockedCatalogUse(narrowed);
  if (!hooked && lockfile.document.pnpmfileChecksum === undefined) {
    const unmasked = workspace.filter(({ id }) => kept.has(id));
    assertCurrent({ lockfile, version: packageManager.version, importers: unmasked, settings, files, catalogs: lockedUse });
  }
  const droppedOverrides =
    hooked || leavesNothingOut(scope, workspace) ? new Set<string>() : foreignOverrides(lockfile.document.overrides ?? {}, names);
  const overrides = narrowOverrides(settings.values.overrides, lockfile.document.overrides, droppedOverrides, directDependencies(masked)) ?? {};
  const injected = injectedFolders(packages, kept);
  const importers = [...narrowed.values()].map(({ importer }) => {
    const whole = injected.includes(importer.id) ? withOwnFields(importer, workspace) : importer;
    return narrowManifest(whole, lockfile, packageManager.version, { patches, droppedOverrides, names });
  });
  const { pnpm, resolutions } = importers[0]?.manifest ?? {};
  const catalogs = configuredCatalogUse(lockedUse, importers, [overrides, settings.values.packageExtensions, pnpm, resolutions]);
  const dropped = new Set(workspace.map(({ id }) => id).filter((id) => !kept.has(id)));
  const npmrc = planNpmrc(files);
  const order = nameOrder(packageManager.version);
  const planned: PlannedFile[] = [
    textFile(lockfile.path, printLockfile(lockfile, { importers: narrowed, order, packages, patches, droppedOverrides, catalogs: lockedUse })),
    ...(settings.document ? [textFile(SETTINGS_FILE, printWorkspaceSettings(settings, { catalogs, patches, overrides, names, dropped }))] : []),
    ...npmrc.files,
    ...pnpmfiles,
    ...planPatches(patchPaths(lockfile, settings, rootSettings), patches, files),
    ...planLocalFiles(lockfile, packages, narrowed, importersById(workspace), files),
    ...planInjected(injected, workspace, files),
  ];
  return {
    importers,
    files: eachOnce(planned),
    resolutions: resolutionsOf(lockfile, locked, packages),
    diagnostics: [...npmrc.diagnostics, ...tellBranchLockfiles(settings, files), ...tellInjected(lockfile, injected, workspace)],
  };
}

function leavesNothingOut({ mode, importers }: InstallScope, workspace: readonly Importer[]): boolean {
  return mode === 'deps' && dependencyCount(importers) === dependencyCount(workspace);
}

function dependencyCount(importers: readonly Importer[]): number {
  const maps = importers.flatMap(({ manifest }) => [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies, { '.': '' }]);
  return maps.reduce((sum, map) => sum + Object.keys(map ?? {}).length, 0);
}

function planNpmrc(files: Files): { files: PlannedFile[]; diagnostics: readonly Diagnostic[] } {
  const source = files.read('.npmrc');
  if (source === undefined) return { files: [], diagnostics: [] };
  const { text, diagnostics } = sanitizeNpmrc({ path: '.npmrc', text: source });
  // An image has no git, so no branch either.
  const kept = text.replace(/^\s*(?:merge-)?git-branch-lockfile.*\n/gm, '');
  return { files: kept === '' ? [] : [textFile('.npmrc', kept)], diagnostics };
}

function patchPaths(lockfile: PnpmLockfile, settings: WorkspaceSettings, rootSettings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const locked = Object.entries(lockfile.document.patchedDependencies ?? {}).flatMap(([key, patch]) =>
    typeof patch === 'string' ? [] : [[key, patch.path]],
  );
  return { ...Object.fromEntries(locked), ...recordOf(rootSettings.patchedDependencies), ...recordOf(settings.values.patchedDependencies) };
}

function textFile(path: string, text: string): PlannedFile {
  return { path, mode: '100644', text };
}
