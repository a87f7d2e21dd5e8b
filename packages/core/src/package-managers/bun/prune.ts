import semver from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Files, Importer, Manifest, PlannedFile } from '../../model.ts';
import { byCodeUnit, sortedBy } from '../../order.ts';
import type { PrunedInstall, PruneInput } from '../adapter.ts';
import { catalogUses, narrowLockedCatalogs, narrowManifestCatalogs, rangeOf } from './catalogs.ts';
import { graphOf, workspacePath } from './edges.ts';
import { hoist, type Placement } from './hoist.ts';
import type { BunDependency, BunLockfile, BunPackage, BunWorkspace } from './lockfile.ts';
import { printBunLockfile } from './print.ts';
import { copyFile, localPackages, settingsFiles } from './settings.ts';
import { type Json, stringsAt } from './text.ts';
import { isKept, narrowRecord, workspaceOf } from './workspaces.ts';

/** The parts of an install that depend on one another. */
interface Scope {
  readonly lockfile: BunLockfile;
  readonly importers: readonly Importer[];
  readonly placements: ReadonlyMap<string, Placement>;
  dependenciesOf(of: BunPackage): readonly BunDependency[];
}

/**
 * Follows the lockfile from the kept importers and lays their packages out anew, as bun itself would.
 * @throws StowageError LockfileOutdated, LockfileInconsistent, LinkLeavesClosure, MissingFile, SeveralLockfiles.
 */
export function pruneBun({ lockfile, scope, workspace, files }: PruneInput<BunLockfile>): PrunedInstall {
  assertOneLockfile(files);
  const laidOut = layOut(lockfile, scope.importers);
  const patches = keptPatches(laidOut);
  const uses = catalogUses(scope.importers);
  const importers = scope.importers.map((importer) => {
    if (importer.id !== '.') return withTellingVersion(importer, workspace, laidOut);
    return { ...importer, manifest: narrowRoot(narrowManifestCatalogs(importer.manifest, uses), scope.importers, patches) };
  });
  const settings = settingsFiles(files);
  const planned: PlannedFile[] = [
    { path: lockfile.path, mode: '100644', text: printLockfile(laidOut, importers, patches, narrowLockedCatalogs(lockfile, uses)) },
    ...settings.files,
    ...localPackages(files, new Set([...laidOut.placements.values()].map((placement) => placement.package)), lockfile.path),
    ...[...patches].map(([key, path]) => copyFile(files, path, { file: 'package.json', key })),
  ];
  return {
    importers,
    files: sortedBy(new Map(planned.map((file) => [file.path, file])).values(), ({ path }) => path),
    resolutions: resolutionsOf(laidOut),
    diagnostics: settings.diagnostics,
  };
}

function assertOneLockfile(files: Files): void {
  if (files.get('bun.lockb') === undefined) return;
  throw new StowageError(ErrorCode.SeveralLockfiles, 'The root holds bun.lock and bun.lockb; they may say different things.', {
    where: { file: 'bun.lockb' },
    hint: 'Delete bun.lockb: bun 1.2 and later use bun.lock.',
  });
}

function layOut(lockfile: BunLockfile, importers: readonly Importer[]): Scope {
  const graph = graphOf(lockfile);
  const dependencies = new Map<BunPackage, readonly BunDependency[]>();
  const links = new Map<BunDependency, BunPackage>();
  for (const importer of importers) {
    const record = workspaceOf(lockfile, importer);
    dependencies.set(
      record.package,
      record.package.dependencies.filter((dependency) => isKept(importer, dependency)),
    );
    if (importer.id !== '.') links.set(linkTo(record), record.package);
  }
  const root = workspaceOf(lockfile, importers.find(({ id }) => id === '.') as Importer).package;
  dependencies.set(root, [...sortedBy(links.keys(), ({ name }) => name), ...(dependencies.get(root) ?? [])]);
  const dependenciesOf = (of: BunPackage) => dependencies.get(of) ?? of.dependencies;
  const placements = hoist({
    root,
    dependenciesOf,
    target(dependency) {
      const target = links.get(dependency) ?? graph.target(dependency);
      if (target !== undefined && !dependency.optionalPeer) assertInside(target, dependency, dependencies);
      return target;
    },
    range: (dependency) => rangeOf(lockfile, dependency),
  });
  return { lockfile, importers, placements, dependenciesOf };
}

/** The root depends on every workspace; bun places those first. */
function linkTo({ name, package: own }: BunWorkspace): BunDependency {
  return { kind: 'workspace', name, specifier: own.resolution, optionalPeer: false, bundled: false };
}

/** A workspace that stays behind would be looked for in the registry, where anyone may own its name. */
function assertInside(target: BunPackage, { name }: BunDependency, kept: ReadonlyMap<BunPackage, unknown>): void {
  const path = workspacePath(target);
  if (path === undefined || kept.has(target)) return;
  throw new StowageError(ErrorCode.LinkLeavesClosure, `A package of the install depends on the workspace ${name}, which the app does not.`, {
    where: { file: `${path}/package.json` },
    hint: `Make ${name} a dependency of the app.`,
  });
}

/** Key -> path of the patches whose package is still there. */
function keptPatches({ importers, placements }: Scope): ReadonlyMap<string, string> {
  const root = importers.find(({ id }) => id === '.')?.manifest.patchedDependencies ?? {};
  const ids = new Set([...placements.values()].map((placement) => placement.package.id));
  return new Map(Object.entries(root as Record<string, string>).filter(([key]) => ids.has(key)));
}

function narrowRoot(manifest: Manifest, importers: readonly Importer[], patches: ReadonlyMap<string, string>): Manifest {
  const { patchedDependencies, workspaces, ...rest } = manifest;
  return {
    ...rest,
    ...(workspaces === undefined ? {} : { workspaces: narrowGlobs(workspaces, new Set(importers.map(({ id }) => id))) }),
    ...(patchedDependencies === undefined || patches.size === 0 ? {} : { patchedDependencies: Object.fromEntries(patches) }),
  };
}

/** Bun refuses a workspace path that is not there; a glob may match nothing. */
function narrowGlobs(workspaces: unknown, kept: ReadonlySet<string>): unknown {
  if (Array.isArray(workspaces)) {
    return workspaces.filter((glob: string) => /[*?[\]{}!]/.test(glob) || kept.has(glob.replace(/^\.\//, '').replace(/\/+$/, '')));
  }
  const { packages, ...rest } = workspaces as { packages?: unknown };
  return packages === undefined ? workspaces : { ...rest, packages: narrowGlobs(packages, kept) };
}

function printLockfile(
  { lockfile, placements }: Scope,
  importers: readonly Importer[],
  patches: ReadonlyMap<string, string>,
  catalogs: Readonly<Record<string, Json>>,
): string {
  const byId = new Map(importers.map((importer) => [importer.id, importer]));
  const records = [...lockfile.workspaces.values()].flatMap((record) => {
    const importer = byId.get(record.id);
    return importer === undefined ? [] : [[record.id === '.' ? '' : record.id, narrowRecord(record, importer)] as const];
  });
  const sections = new Map(lockfile.sections.map(({ key, value }) => [key, value] as const));
  const names = new Set([...placements.values()].map(({ dependency }) => dependency.name));
  const patched = sections.get('patchedDependencies');
  return printBunLockfile(lockfile, {
    workspaces: new Map(records),
    packages: placements,
    narrowed: {
      ...catalogs,
      trustedDependencies: stringsAt(sections, 'trustedDependencies').filter((name) => names.has(name)),
      patchedDependencies: new Map([...(patched instanceof Map ? patched : [])].filter(([key]) => patches.has(key))),
    },
  });
}

/**
 * Bun decides between workspace and registry by the workspace's version, for packages of the registry too.
 * Where a masked version would decide otherwise than the real one, the real one stays.
 */
function withTellingVersion(importer: Importer, workspace: readonly Importer[], scope: Scope): Importer {
  const version = workspace.find(({ id }) => id === importer.id)?.manifest.version;
  const masked = importer.manifest.version;
  if (version === masked || version === undefined) return importer;
  const owners = new Set([...scope.placements.values()].map((placement) => placement.package));
  const root = scope.lockfile.workspaces.get('.')?.package;
  const ranges = [...owners, ...(root === undefined ? [] : [root])]
    .flatMap((owner) => scope.dependenciesOf(owner))
    .filter(({ name, kind }) => name === importer.name && kind !== 'workspace')
    .map((dependency) => rangeOf(scope.lockfile, dependency));
  const satisfies = (candidate: string | undefined, range: string) => candidate !== undefined && semver.satisfies(candidate, range, { loose: true });
  const same = ranges.every((range) => semver.validRange(range) === null || satisfies(masked, range) === satisfies(version, range));
  return same ? importer : { ...importer, manifest: { ...importer.manifest, version } };
}

function resolutionsOf({ lockfile, placements, importers, dependenciesOf }: Scope): PrunedInstall['resolutions'] {
  const graph = graphOf(lockfile);
  const neededBy = new Map<BunPackage, Set<string>>();
  for (const { package: placed } of placements.values())
    if (workspacePath(placed) === undefined && !neededBy.has(placed)) neededBy.set(placed, new Set());
  const owners = [...neededBy.keys(), ...importers.map((importer) => workspaceOf(lockfile, importer).package)];
  for (const owner of owners) {
    for (const dependency of dependenciesOf(owner)) {
      const target = graph.target(dependency);
      if (target !== undefined && !dependency.optionalPeer) neededBy.get(target)?.add(workspacePath(owner) ?? owner.id);
    }
  }
  return [...neededBy]
    .map(([{ name, resolution }, by]) => ({ name, version: resolution, neededBy: [...by].sort(byCodeUnit) }))
    .sort((a, b) => byCodeUnit(a.name, b.name) || byCodeUnit(a.version, b.version));
}
