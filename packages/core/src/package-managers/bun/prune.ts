import { posix } from 'node:path';
import semver from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Files, Importer, Manifest, PlannedFile } from '../../model.ts';
import { sortedBy } from '../../order.ts';
import { perObject } from '../../per-object.ts';
import type { PrunedInstall, PruneInput } from '../adapter.ts';
import { gatherResolutions } from '../gather-resolutions.ts';
import { pathOfPattern, withPatterns } from '../narrow-workspaces.ts';
import { eachOnce, folderFiles } from '../planned-files.ts';
import { tellingVersion } from '../telling-version.ts';
import { catalogUses, narrowLockedCatalogs, narrowManifestCatalogs, rangeOf } from './catalogs.ts';
import { checkEntries, overriddenNames } from './check-entries.ts';
import { checkSettings } from './check-settings.ts';
import { graphOf, localFolder, workspacePath } from './edges.ts';
import { hoist, type Layout } from './hoist.ts';
import type { BunDependency, BunLockfile, BunPackage, BunWorkspace } from './lockfile.ts';
import { printBunLockfile } from './print.ts';
import { type BunGraph, withPeersByVersion } from './resolve.ts';
import { copyFile, settingsFiles } from './settings.ts';
import { type Json, type JsonObject, objectAt, stringsAt } from './text.ts';
import { type KeptImporter, keptDependencies, narrowInfo, narrowRecord, withPeerProviders } from './workspaces.ts';
import { inWrittenOrder } from './written-order.ts';

/** The parts of an install that depend on one another. */
interface Scope {
  readonly lockfile: BunLockfile;
  readonly graph: BunGraph;
  readonly importers: readonly Importer[];
  readonly root: BunPackage;
  readonly layout: Layout;
  /** What lies in the layout, each once. */
  readonly placed: ReadonlySet<BunPackage>;
  dependenciesOf(of: BunPackage): readonly BunDependency[];
}

/**
 * Follows the lockfile from the kept importers and lays their packages out anew, as bun itself would.
 * @throws StowageError LockfileOutdated, LockfileInconsistent, LinkLeavesClosure, MissingFile, SeveralLockfiles.
 */
export function pruneBun({ lockfile, packageManager, scope, workspace, files }: PruneInput<BunLockfile>): PrunedInstall {
  assertOneLockfile(files);
  checkSettings(lockfile, workspace.find(({ id }) => id === '.')?.manifest ?? {});
  const kept = withPeerProviders(lockfile, scope.importers, workspace);
  const laidOut = layOut(lockfile, kept, packageManager.version);
  const patches = keptPatches(laidOut);
  const uses = catalogUses(laidOut.importers, workspace.length);
  const versions = new Map(workspace.map(({ id, manifest }) => [id, manifest.version]));
  const ranges = rangesByName(laidOut);
  const importers = laidOut.importers.map((importer) => {
    const { id, name, manifest } = importer;
    if (id === '.') {
      const root = narrowRoot(narrowManifestCatalogs(manifest, uses), laidOut.importers, patches);
      return { ...importer, manifest: isBefore14(packageManager.version) ? withTrusted(root, trustedNames(laidOut)) : root };
    }
    const version = versions.get(id);
    if (version === undefined) return importer;
    return { ...importer, manifest: { ...manifest, version: tellingVersion(manifest.version, version, ranges.get(name) ?? []) } };
  });
  const doubts = checkEntries({ ...laidOut, target: laidOut.graph.target });
  const settings = settingsFiles(files);
  const planned: PlannedFile[] = [
    { path: lockfile.path, mode: '100644', text: printLockfile(laidOut, importers, patches, narrowLockedCatalogs(lockfile, uses)) },
    ...settings.files,
    ...localPackages(files, laidOut),
    ...[...patches].map(([key, path]) => copyFile(files, path, { file: 'package.json', key })),
  ];
  return {
    importers,
    files: eachOnce(planned),
    resolutions: resolutionsOf(laidOut),
    diagnostics: [...settings.diagnostics, ...doubts],
  };
}

function assertOneLockfile(files: Files): void {
  if (files.get('bun.lockb') === undefined) return;
  throw new StowageError(ErrorCode.SeveralLockfiles, 'The root holds bun.lock and bun.lockb; they may say different things.', {
    where: { file: 'bun.lockb' },
    hint: 'Delete bun.lockb: bun 1.2 and later use bun.lock.',
  });
}

/** From 1.4 on, which was written anew, bun binds and places peers in another way. */
function isBefore14(version: string): boolean {
  return semver.lt(version, '1.4.0-0');
}

function readBy(version: string, lockfile: BunLockfile): BunGraph {
  return isBefore14(version) ? graphOf(lockfile) : graphSince14(lockfile);
}

const graphSince14 = perObject((lockfile: BunLockfile) =>
  withPeersByVersion(graphOf(lockfile), (dependency) => rangeOf(lockfile, dependency), overriddenNames(lockfile)),
);

function layOut(lockfile: BunLockfile, kept: readonly KeptImporter[], version: string): Scope {
  const graph = readBy(version, lockfile);
  const dependencies = new Map<BunPackage, readonly BunDependency[]>();
  const links = new Map<BunDependency, BunPackage>();
  for (const { importer, record } of kept) {
    dependencies.set(record.package, keptDependencies(record, importer));
    if (importer.id !== '.') links.set(linkTo(record), record.package);
  }
  const root = (kept.find(({ importer }) => importer.id === '.') as KeptImporter).record.package;
  const own = dependencies.get(root) ?? [];
  // What the root itself calls by a workspace's name takes the place of the link.
  const placedLinks = [...links].filter(([link, linked]) => own.every((each) => each.name !== link.name || graph.target(each) === linked));
  dependencies.set(root, [...sortedBy(placedLinks, ([{ name }]) => name).map(([link]) => link), ...own]);
  const declaredOf = (of: BunPackage) => dependencies.get(of) ?? of.dependencies;
  const target = (dependency: BunDependency) => links.get(dependency) ?? graph.target(dependency);
  // What came in a tarball lies with it, out of the others' reach.
  const required = reachFrom(root, (of) => declaredOf(of).flatMap((each) => (each.bundled || each.optionalPeer ? [] : (target(each) ?? []))));
  const holds = (of: BunPackage, dependency: BunDependency): boolean => {
    if (!dependency.optionalPeer) return true;
    // one of a package, once locked, holds what provides it, one of a workspace does not
    if (isBefore14(version)) return !dependencies.has(of);
    // both only lead to what something else holds, and nowhere from a package that came in a tarball alone
    const provider = target(dependency);
    return provider !== undefined && required.has(provider) && required.has(of);
  };
  const dependenciesOf = (of: BunPackage) => declaredOf(of).filter((dependency) => holds(of, dependency));
  const layout = hoist({
    root,
    dependenciesOf,
    target(dependency) {
      const found = target(dependency);
      if (found === undefined || isInside(found, dependencies)) return found;
      if (dependency.optionalPeer) return undefined;
      throw leavesClosure(found, dependency);
    },
    range: (dependency) => rangeOf(lockfile, dependency),
    minds: isBefore14(version) ? 'names' : 'names and needs',
  });
  const importers = kept.map(({ importer }) => importer);
  return { lockfile, graph, importers, root, layout, placed: new Set(layout.asPlaced.map((placement) => placement.package)), dependenciesOf };
}

function reachFrom(root: BunPackage, next: (of: BunPackage) => readonly BunPackage[]): ReadonlySet<BunPackage> {
  const reached = new Set([root]);
  for (const each of reached) for (const found of next(each)) reached.add(found);
  return reached;
}

/** The root depends on every workspace; bun places those first. */
function linkTo({ name, package: own }: BunWorkspace): BunDependency {
  return { kind: 'workspace', name, specifier: own.resolution, optionalPeer: false, bundled: false };
}

function isInside(target: BunPackage, kept: ReadonlyMap<BunPackage, unknown>): boolean {
  return workspacePath(target) === undefined || kept.has(target);
}

/** A workspace that stays behind would be looked for in the registry, where anyone may own its name. */
function leavesClosure(target: BunPackage, { name }: BunDependency): StowageError {
  return new StowageError(ErrorCode.LinkLeavesClosure, `A package of the install depends on the workspace ${name}, which the app does not.`, {
    where: { file: `${workspacePath(target)}/package.json` },
    hint: `Make ${name} a dependency of the app.`,
  });
}

/** Folders and tarballs of the repository. A tarball's path is relative to whoever depends on it, a folder's to the root. */
function localPackages(files: Files, { lockfile, graph, root, placed, dependenciesOf }: Scope): readonly PlannedFile[] {
  return [root, ...placed].flatMap((owner) => {
    const folder = localFolder(owner);
    const base = workspacePath(owner) ?? folder;
    const tarballs =
      base === undefined
        ? []
        : dependenciesOf(owner)
            .flatMap((dependency) => graph.target(dependency) ?? [])
            .filter(isLocalTarball);
    return [
      ...(folder === undefined ? [] : folderFiles(files, folder)),
      ...tarballs.map(({ id, resolution }) => copyFile(files, posix.join(base ?? '.', resolution), { file: lockfile.path, key: id })),
    ];
  });
}

function isLocalTarball({ resolution }: BunPackage): boolean {
  return /\.t(?:ar\.)?gz$/.test(resolution) && !/^[a-z+]+:/.test(resolution);
}

/** Key -> path of the patches whose package is still there. */
function keptPatches({ importers, placed }: Scope): ReadonlyMap<string, string> {
  const root = importers.find(({ id }) => id === '.')?.manifest.patchedDependencies ?? {};
  const ids = new Set([...placed].map(({ id }) => id));
  return new Map(Object.entries(root as Record<string, string>).filter(([key]) => ids.has(key)));
}

/** Bun refuses a workspace path that is not there; a glob may match nothing. */
function narrowRoot(root: Manifest, importers: readonly Importer[], patches: ReadonlyMap<string, string>): Manifest {
  const kept = new Set(importers.map(({ id }) => id));
  const { patchedDependencies, ...manifest } = withPatterns(root, (patterns) =>
    patterns.filter((pattern) => /[*?[\]{}()!]/.test(pattern) || kept.has(pathOfPattern(pattern))),
  );
  return patchedDependencies === undefined || patches.size === 0 ? manifest : { ...manifest, patchedDependencies: Object.fromEntries(patches) };
}

/** Bun before 1.4 resolves anew where the root trusts what the lockfile does not have; an empty list still says that nothing is trusted. */
function withTrusted(root: Manifest, names: readonly string[]): Manifest {
  const { trustedDependencies: trusted } = root;
  return Array.isArray(trusted) ? { ...root, trustedDependencies: trusted.filter((name) => names.includes(name)) } : root;
}

/** Those of the lockfile's `trustedDependencies` that are still there. */
function trustedNames({ lockfile, layout }: Scope): readonly string[] {
  const trusted = new Set(stringsAt(sectionsOf(lockfile), 'trustedDependencies'));
  // bun 1.4 trusts what has another name in its place by its own
  const placed = layout.asPlaced.flatMap(({ dependency, package: { name } }) => [dependency.name, name]);
  return [...new Set(placed)].filter((name) => trusted.has(name));
}

function sectionsOf({ sections }: BunLockfile): JsonObject {
  return new Map(sections.map(({ key, value }) => [key, value] as const));
}

function printLockfile(
  laidOut: Scope,
  importers: readonly Importer[],
  patches: ReadonlyMap<string, string>,
  catalogs: Readonly<Record<string, Json>>,
): string {
  const { lockfile, layout } = laidOut;
  const byId = new Map(importers.map((importer) => [importer.id, importer]));
  const records = [...lockfile.workspaces.values()].flatMap((record) => {
    const importer = byId.get(record.id);
    return importer === undefined ? [] : [[record.id === '.' ? '' : record.id, narrowRecord(record, importer)] as const];
  });
  const sections = sectionsOf(lockfile);
  const trusted = new Set(stringsAt(sections, 'trustedDependencies'));
  const trustedByRoot = byId.get('.')?.manifest.trustedDependencies;
  const patched = objectAt(sections, 'patchedDependencies');
  const patchedIds = layout.asPlaced.map((placement) => placement.package.id).filter((id) => patches.has(id) && patched.has(id));
  return printBunLockfile(lockfile, {
    workspaces: new Map(records),
    packages: layout.byKey,
    infos: lockfile.version === 0 ? workspaceInfos(lockfile, byId) : new Map(),
    narrowed: {
      ...catalogs,
      // an empty list is the root's own, and bun 1.4 writes it
      ...(trusted.size === 0
        ? {}
        : { trustedDependencies: inWrittenOrder(trustedNames(laidOut), Array.isArray(trustedByRoot) ? new Set(trustedByRoot).size : trusted.size) }),
      patchedDependencies: new Map(inWrittenOrder(patchedIds, patches.size).map((id) => [id, patched.get(id) as Json])),
    },
  });
}

function workspaceInfos({ entries }: BunLockfile, importers: ReadonlyMap<string, Importer>): Map<BunPackage, JsonObject> {
  return new Map(
    [...entries.values()].flatMap(({ package: own, info }) => {
      const importer = importers.get(workspacePath(own) ?? '');
      return importer === undefined || info === undefined ? [] : [[own, narrowInfo(info, importer)] as const];
    }),
  );
}

/** The ranges in which the packages of an install ask for one another, by name. */
function rangesByName({ lockfile, placed, root, dependenciesOf }: Scope): ReadonlyMap<string, readonly string[]> {
  const ranges = new Map<string, string[]>();
  for (const dependency of [root, ...placed].flatMap(dependenciesOf)) {
    const range = dependency.kind === 'workspace' ? null : semver.validRange(rangeOf(lockfile, dependency), { loose: true });
    if (range !== null) ranges.set(dependency.name, [...(ranges.get(dependency.name) ?? []), range]);
  }
  return ranges;
}

function resolutionsOf({ graph, placed, root, dependenciesOf }: Scope): PrunedInstall['resolutions'] {
  const neededBy = new Map([...placed].filter((each) => workspacePath(each) === undefined).map((each) => [each, new Set<string>()]));
  for (const owner of [root, ...placed]) {
    for (const dependency of dependenciesOf(owner)) {
      const target = graph.target(dependency);
      if (target !== undefined) neededBy.get(target)?.add(workspacePath(owner) ?? owner.id);
    }
  }
  return gatherResolutions([...neededBy].map(([{ name, resolution }, by]) => ({ name, version: resolution, by })));
}
