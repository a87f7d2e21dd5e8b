import { didYouMean, ErrorCode, StowageError } from '../../errors.ts';
import type { DependencyKind, Importer, LockedEdge } from '../../model.ts';
import { byCodeUnit } from '../../order.ts';
import type { LockEntry, NpmLockfile } from './lockfile.ts';
import { isInNodeModules, nameOfFolder, resolveFrom } from './tree.ts';

const kinds: readonly DependencyKind[] = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

interface Located {
  readonly location: string;
  readonly entry: LockEntry;
}

/**
 * An importer's dependencies as the lockfile resolves them. Where a package of the registry leads back into the workspace (a plugin whose peer is
 * a workspace), or lies in the folder of another importer, that importer is needed too: one more edge, under the name of the dependency.
 * @throws StowageError LockfileOutdated
 */
export function lockedEdges(lockfile: NpmLockfile, importer: Importer, workspace: readonly Importer[]): readonly LockedEdge[] {
  const ids = new Set(workspace.map(({ id }) => id));
  const located = locatedEntries(lockfile);
  const location = importer.id === '.' ? '' : importer.id;
  const returns = workspaceReturns(lockfile, located, ids);
  const { optionalDependencies } = importer.manifest;
  return kinds.flatMap((kind) => {
    const specifiers = Object.entries(importer.manifest[kind] ?? {}).sort(([a], [b]) => byCodeUnit(a, b));
    return specifiers.flatMap(([alias, specifier]): LockedEdge[] => {
      const found = resolveFrom(located, location, alias);
      if (found === undefined) {
        if (kind === 'peerDependencies' || kind === 'optionalDependencies' || optionalDependencies?.[alias] !== undefined) return [];
        throw outdated(lockfile, importer, kind, alias, specifier);
      }
      const further = returns(found.location).map((back) => ({ kind, alias, specifier: back.specifier, target: { importer: back.importer } }));
      return [{ kind, alias, specifier, target: targetOf(found, ids) }, ...further.filter(({ target }) => target.importer !== importer.id)];
    });
  });
}

function targetOf({ location, entry }: Located, ids: ReadonlySet<string>): LockedEdge['target'] {
  if (entry.link !== true) return { package: location };
  const folder = entry.resolved === undefined || entry.resolved === '' ? '.' : entry.resolved;
  return ids.has(folder) ? { importer: folder } : { folder };
}

interface WorkspaceReturn {
  readonly importer: string;
  readonly specifier: string;
}

/** For the location of a package: the importers that it, or what it depends on, leads back to. */
function workspaceReturns(
  lockfile: NpmLockfile,
  located: ReadonlyMap<string, Located>,
  ids: ReadonlySet<string>,
): (location: string) => readonly WorkspaceReturn[] {
  const direct = directReturns(lockfile, located, ids);
  if (direct.size === 0) return () => [];
  return (start) => {
    const found = new Map<string, WorkspaceReturn>();
    const seen = new Set([start]);
    for (const location of seen) {
      for (const back of direct.get(location) ?? []) found.set(`${back.importer} ${back.specifier}`, back);
      const entry = located.get(location)?.entry;
      if (entry?.link === true) continue;
      for (const [name] of packageSpecifiers(entry)) {
        const next = resolveFrom(located, location, name);
        if (next !== undefined) seen.add(next.location);
      }
    }
    return [...found].sort(([a], [b]) => byCodeUnit(a, b)).map(([, back]) => back);
  };
}

/** Packages with an edge to an importer, and packages that lie in an importer's own folder, where another importer may find them. */
function directReturns(
  lockfile: NpmLockfile,
  located: ReadonlyMap<string, Located>,
  ids: ReadonlySet<string>,
): ReadonlyMap<string, WorkspaceReturn[]> {
  const returns = new Map<string, WorkspaceReturn[]>();
  const add = (location: string, importer: string, specifier: string) =>
    returns.set(location, [...(returns.get(location) ?? []), { importer, specifier }]);
  const links = new Set([...lockfile.entries].filter(([, { link }]) => link === true).map(([location]) => nameOfFolder(location)));
  const nesting = [...ids].filter((id) => id !== '.' && [...ids].some((other) => other.startsWith(`${id}/`)));
  for (const [location, entry] of lockfile.entries) {
    if (!isInNodeModules(location) || entry.link === true) continue;
    for (const [name, specifier] of packageSpecifiers(entry)) {
      if (!links.has(name)) continue;
      const to = resolveFrom(located, location, name);
      if (to?.entry.link === true && ids.has(to.entry.resolved ?? '')) add(location, to.entry.resolved as string, specifier);
    }
    const owner = nesting.find((id) => location.startsWith(`${id}/node_modules/`));
    if (owner !== undefined) add(location, owner, '*');
  }
  return returns;
}

/** What a package needs, but for what it does without (optional peers). */
function packageSpecifiers(entry: LockEntry | undefined): [string, string][] {
  const peers = Object.entries(entry?.peerDependencies ?? {}).filter(([name]) => entry?.peerDependenciesMeta?.[name]?.optional !== true);
  return [...Object.entries(entry?.dependencies ?? {}), ...Object.entries(entry?.optionalDependencies ?? {}), ...peers];
}

function locatedEntries(lockfile: NpmLockfile): ReadonlyMap<string, Located> {
  return new Map([...lockfile.entries].map(([location, entry]) => [location, { location, entry }]));
}

function outdated(lockfile: NpmLockfile, importer: Importer, kind: DependencyKind, alias: string, specifier: string): StowageError {
  const near = didYouMean(
    alias,
    [...lockfile.entries.keys()].filter((location) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(location)).map(nameOfFolder),
  );
  return new StowageError(ErrorCode.LockfileOutdated, `${lockfile.path} has no ${alias}@${specifier}, which ${importer.name} depends on.`, {
    where: { file: importer.id === '.' ? 'package.json' : `${importer.id}/package.json`, key: `${kind}.${alias}` },
    hint: `Run npm install, and commit the lockfile.${near === undefined ? '' : ` ${near}`}`,
  });
}
