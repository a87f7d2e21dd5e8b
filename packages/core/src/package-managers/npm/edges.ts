import { DEPENDENCY_KINDS } from '../../dependency-kinds.ts';
import { didYouMean, ErrorCode, StowageError } from '../../errors.ts';
import type { DependencyKind, Importer, LockedEdge } from '../../model.ts';
import { byCodeUnit } from '../../order.ts';
import { ownValue } from '../../own-value.ts';
import { manifestPath } from '../../paths.ts';
import { isOptionalPeer } from '../peer-providers.ts';
import type { LockEntry, NpmLockfile } from './lockfile.ts';
import { isInNodeModules, nameOfFolder, resolveFrom } from './tree.ts';

/**
 * An importer's dependencies as the lockfile resolves them. Where a package of the registry leads back into the workspace (a plugin whose peer is
 * a workspace), or lies in the folder of another importer, that importer is needed too: one more edge, under the name of the dependency.
 * @throws StowageError LockfileOutdated
 */
export function lockedEdges(lockfile: NpmLockfile, importer: Importer, workspace: readonly Importer[]): readonly LockedEdge[] {
  const { entries } = lockfile;
  const ids = new Set(workspace.map(({ id }) => id));
  const { optionalDependencies } = importer.manifest;
  return DEPENDENCY_KINDS.flatMap((kind) => {
    const specifiers = Object.entries(importer.manifest[kind] ?? {}).sort(([a], [b]) => byCodeUnit(a, b));
    return specifiers.flatMap(([alias, specifier]): LockedEdge[] => {
      const location = resolveFrom(entries, importer.id === '.' ? '' : importer.id, alias);
      if (location === undefined) {
        if (kind === 'peerDependencies' || kind === 'optionalDependencies' || ownValue(optionalDependencies, alias) !== undefined) return [];
        throw outdated(lockfile, importer, kind, alias, specifier);
      }
      // npm installs an optional peer only where somebody else asks for it, whose edges lead further
      const isHeld = kind !== 'peerDependencies' || !isOptionalPeer(importer.manifest, alias);
      const further = isHeld ? returnsFrom(lockfile, location).filter((back) => ids.has(back.folder) && back.folder !== importer.id) : [];
      return [
        { kind, alias, specifier, target: targetOf(location, entries.get(location), ids) },
        ...further.map((back): LockedEdge => ({ kind, alias, specifier: back.specifier, target: { importer: back.folder } })),
      ];
    });
  });
}

function targetOf(location: string, entry: LockEntry | undefined, ids: ReadonlySet<string>): LockedEdge['target'] {
  if (entry?.link !== true) return { package: location };
  const folder = entry.resolved === undefined || entry.resolved === '' ? '.' : entry.resolved;
  return ids.has(folder) ? { importer: folder } : { folder };
}

/** A way from a package of the registry back into a folder of the repository. */
interface Return {
  readonly folder: string;
  readonly specifier: string;
}

/** The folders that a package, or what it depends on, leads back to. */
function returnsFrom(lockfile: NpmLockfile, start: string): readonly Return[] {
  const direct = directReturns(lockfile);
  if (direct.size === 0) return [];
  const found = new Map<string, Return>();
  const seen = new Set([start]);
  for (const location of seen) {
    for (const back of direct.get(location) ?? []) found.set(`${back.folder} ${back.specifier}`, back);
    const entry = lockfile.entries.get(location);
    if (entry?.link === true) continue;
    for (const [name] of neededBy(entry)) {
      const next = resolveFrom(lockfile.entries, location, name);
      if (next !== undefined) seen.add(next);
    }
  }
  return [...found].sort(([a], [b]) => byCodeUnit(a, b)).map(([, back]) => back);
}

const known = new WeakMap<NpmLockfile, ReadonlyMap<string, readonly Return[]>>();

/** Packages that depend on a linked folder themselves, and packages in the `node_modules` of a folder that holds other folders, which find them. */
function directReturns(lockfile: NpmLockfile): ReadonlyMap<string, readonly Return[]> {
  const before = known.get(lockfile);
  if (before !== undefined) return before;
  const returns = new Map<string, Return[]>();
  const add = (location: string, back: Return) => returns.set(location, [...(returns.get(location) ?? []), back]);
  const links = new Map([...lockfile.entries].flatMap(([location, { link, resolved = '' }]) => (link === true ? [[location, resolved]] : [])));
  const linkNames = new Set([...links.keys()].map(nameOfFolder));
  const folders = new Set(links.values());
  const nesting = [...folders].filter((folder) => [...folders].some((other) => other.startsWith(`${folder}/`)));
  for (const [location, entry] of lockfile.entries) {
    if (!isInNodeModules(location) || entry.link === true) continue;
    for (const [name, specifier] of neededBy(entry)) {
      const folder = linkNames.has(name) ? links.get(resolveFrom(lockfile.entries, location, name) ?? '') : undefined;
      if (folder !== undefined) add(location, { folder, specifier });
    }
    const owner = nesting.find((folder) => location.startsWith(`${folder}/node_modules/`));
    if (owner !== undefined) add(location, { folder: owner, specifier: '*' });
  }
  known.set(lockfile, returns);
  return returns;
}

/** What a package needs; optional peers it does without. */
function neededBy(entry: LockEntry | undefined): [string, string][] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta } = entry ?? {};
  const peers = Object.entries(peerDependencies).filter(([name]) => ownValue(peerDependenciesMeta, name)?.optional !== true);
  return [...Object.entries(dependencies), ...Object.entries(optionalDependencies), ...peers];
}

function outdated(lockfile: NpmLockfile, importer: Importer, kind: DependencyKind, alias: string, specifier: string): StowageError {
  const near = didYouMean(
    alias,
    [...lockfile.entries.keys()].filter((location) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(location)).map(nameOfFolder),
  );
  return new StowageError(ErrorCode.LockfileOutdated, `${lockfile.path} has no ${alias}@${specifier}, which ${importer.name} depends on.`, {
    where: { file: manifestPath(importer.id), key: `${kind}.${alias}` },
    hint: `Run npm install, and commit the lockfile.${near === undefined ? '' : ` ${near}`}`,
  });
}
