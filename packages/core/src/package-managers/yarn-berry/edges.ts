import { DEPENDENCY_KINDS } from '../../dependency-kinds.ts';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { DependencyKind, Files, Importer, LockedEdge } from '../../model.ts';
import { byCodeUnit, sortedBy } from '../../order.ts';
import { ownerOf } from '../owner-of.ts';
import { parseDescriptor, parsePatch } from './descriptor.ts';
import { localTargetOf } from './folders.ts';
import type { BerryLockfile, LockEntry } from './lockfile.ts';
import { nameOf, packageOf, workspaceEntry } from './package-entry.ts';
import { type BerryDependency, type BerryProject, berryProject } from './project.ts';
import { targetOf } from './reach.ts';
import { readSettings } from './settings.ts';
import { newestFor } from './versions.ts';

/**
 * The dependencies of an importer as yarn links them. A package of the registry may depend on a workspace (yarn links a workspace wherever
 * its version fits): then the dependency that leads there has an edge to that workspace too, with the range that the package asks for.
 * @throws StowageError LockfileOutdated
 */
export function edgesOf(lockfile: BerryLockfile, importer: Importer, workspace: readonly Importer[], files: Files): readonly LockedEdge[] {
  const root = workspace.find(({ id }) => id === '.')?.manifest ?? {};
  const project = berryProject(lockfile, root, readSettings(files), newestFor(lockfile.version));
  const pkg = project.packageOf(importer, workspaceEntry(lockfile, importer));
  const dependencies = new Map(project.dependenciesOf(pkg).map((dependency) => [dependency.alias, dependency]));
  const dependents = dependentsOnWorkspaces(project);
  return DEPENDENCY_KINDS.flatMap((kind) =>
    Object.entries(importer.manifest[kind] ?? {})
      .sort(([a], [b]) => byCodeUnit(a, b))
      .flatMap(([alias, specifier]): LockedEdge[] => {
        const dependency = dependencies.get(alias);
        const target = dependency && targetOf(lockfile, dependency, importer);
        if (target === undefined) return kind === 'peerDependencies' ? provider(kind, alias, specifier, workspace) : [];
        // yarn installs no peer, so nothing comes with one: whoever provides it has an edge of its own
        const behind = dependents.size === 0 || kind === 'peerDependencies' ? [] : workspacesBehind(project, target, dependents);
        const link = { specifier: target.workspace === undefined ? specifier : askedOf(dependency), target: edgeTarget(target, importer, workspace) };
        return [link, ...behind].map((each) => ({ kind, alias, ...each }));
      }),
  );
}

/** What a workspace's version is held against: the range after resolutions and catalogs, without the protocol that yarn adds. */
function askedOf(dependency: BerryDependency | undefined): string {
  const { range = '' } = parseDescriptor(dependency?.descriptor ?? '') ?? {};
  const asked = range.startsWith('patch:') ? parseDescriptor(parsePatch(range).source)?.range : range;
  return (asked ?? '').replace(/^npm:/, '');
}

/** Yarn never installs a peer; a workspace of that name provides it to whoever links both. */
function provider(kind: DependencyKind, alias: string, specifier: string, workspace: readonly Importer[]): LockedEdge[] {
  const found = workspace.find(({ manifest }) => manifest.name === alias);
  return found === undefined ? [] : [{ kind, alias, specifier, target: { importer: found.id } }];
}

function edgeTarget(entry: LockEntry, dependent: Importer, workspace: readonly Importer[]): LockedEdge['target'] {
  if (entry.workspace !== undefined) {
    if (!workspace.some(({ id }) => id === entry.workspace)) throw missingWorkspace(entry.workspace, dependent);
    return { importer: entry.workspace };
  }
  const local = localTargetOf(parseDescriptor(entry.resolution)?.range ?? '');
  if (local === undefined || /\.(?:tgz|tar\.gz)$/.test(local.path)) return { package: entry.resolution };
  const owner = ownerOf(local.path, workspace);
  return owner === undefined ? { folder: local.path } : { importer: owner.id };
}

function missingWorkspace(folder: string, { name }: Importer): StowageError {
  return new StowageError(ErrorCode.MissingFile, `${folder}/package.json does not exist, yet ${name} depends on that workspace.`, {
    where: { file: `${folder}/package.json` },
    hint: 'Where it is a git submodule, fetch it: `git submodule update --init`.',
  });
}

/** Packages of the registry that have a workspace's name among their dependencies; in most repositories there are none. */
function dependentsOnWorkspaces({ lockfile, addedTo }: BerryProject): ReadonlySet<LockEntry> {
  const names = new Set([...lockfile.byWorkspace.values()].map(nameOf));
  const mayDepend = (entry: LockEntry): boolean => [...entry.dependencies.keys(), ...addedTo(nameOf(entry))].some((name) => names.has(name));
  return new Set(lockfile.entries.filter((entry) => entry.workspace === undefined && mayDepend(entry)));
}

/** The workspaces that a package leads to through other packages alone. */
function workspacesBehind(project: BerryProject, start: LockEntry, dependents: ReadonlySet<LockEntry>): Pick<LockedEdge, 'specifier' | 'target'>[] {
  const found = new Map<string, Pick<LockedEdge, 'specifier' | 'target'>>();
  const seen = new Set(start.workspace === undefined ? [start] : []);
  for (const entry of seen) {
    for (const dependency of project.dependenciesOf(packageOf(entry))) {
      const target = project.lockfile.byDescriptor.get(dependency.descriptor);
      if (target === undefined) continue;
      if (target.workspace === undefined) seen.add(target);
      else if (dependents.has(entry)) found.set(dependency.descriptor, { specifier: askedOf(dependency), target: { importer: target.workspace } });
    }
  }
  return sortedBy(found, ([descriptor]) => descriptor).map(([, link]) => link);
}
