import { posix } from 'node:path';
import { DEPENDENCY_KINDS } from '../../dependency-kinds.ts';
import { ErrorCode, StowageError } from '../../errors.ts';
import { importersById } from '../../importers.ts';
import type { DependencyKind, Importer, LockedEdge } from '../../model.ts';
import { byCodeUnit } from '../../order.ts';
import { ownValue } from '../../own-value.ts';
import { manifestPath } from '../../paths.ts';
import { lineOfEntry, packageKey, REPAIR } from './graph.ts';
import { nodeOf } from './locked-node.ts';
import { type LockedDependency, type LockedImporter, type PnpmLockfile, SECTIONS } from './lockfile.ts';
import { parseOverrideKey } from './overrides.ts';
import { reachPackages } from './reach.ts';

/**
 * The dependencies of an importer as the lockfile resolves them: an edge for each map that names one, one for what a pnpmfile,
 * packageExtensions or `devEngines.runtime` added to it, and one for each workspace that its packages have as a peer.
 * @throws StowageError LockfileOutdated where the manifest needs what the lockfile lacks; LockfileInconsistent where an entry is missing.
 */
export function edgesOf(lockfile: PnpmLockfile, importer: Importer, workspace: readonly Importer[]): LockedEdge[] {
  const locked = lockfile.document.importers.get(importer.id);
  const importers = importersById(workspace);
  const edges: LockedEdge[] = [];
  const named = new Set<string>();
  const target = (alias: string, specifier: string, version: string): LockedEdge['target'] => {
    const found = targetOf(lockfile, importer.id, alias, version, importers);
    if ('folder' in found && specifier.startsWith('workspace:')) throw noWorkspace(lockfile, importer.id, alias, found.folder);
    return found;
  };
  for (const kind of DEPENDENCY_KINDS) {
    for (const [alias, specifier] of Object.entries(importer.manifest[kind] ?? {}).sort(([a], [b]) => byCodeUnit(a, b))) {
      named.add(alias);
      const version = find(locked, alias)?.version ?? unlockedLink(lockfile, specifier);
      if (version !== undefined) edges.push({ kind, alias, specifier, target: target(alias, specifier, version) });
      else if (mustBeLocked(lockfile, importer, kind, alias)) throw outdated(lockfile, importer, kind, alias);
    }
  }
  for (const section of SECTIONS) {
    for (const [alias, { specifier, version }] of Object.entries(locked?.[section] ?? {})) {
      if (!named.has(alias)) edges.push({ kind: section, alias, specifier, target: target(alias, specifier, version) });
    }
  }
  if (importer.id !== '.' && locked && lockfile.linksFromPackages) edges.push(...linkedPeers(lockfile, importer.id, locked, importers));
  return edges.sort((a, b) => DEPENDENCY_KINDS.indexOf(a.kind) - DEPENDENCY_KINDS.indexOf(b.kind) || byCodeUnit(a.alias, b.alias));
}

/**
 * Workspaces that packages below an importer have as a peer, be it that the root alone provides them: the links of an entry lead from
 * the lockfile's folder.
 */
function linkedPeers(lockfile: PnpmLockfile, id: string, locked: LockedImporter, importers: ReadonlyMap<string, Importer>): LockedEdge[] {
  const reached = reachPackages(lockfile, new Map([[id, locked]]));
  return [...reached].flatMap(
    ([
      {
        key,
        snapshot: { dependencies, optionalDependencies },
      },
      { prod },
    ]) => {
      return Object.entries({ ...dependencies, ...optionalDependencies })
        .filter(([, version]) => version.startsWith('link:'))
        .map(([alias, version]): LockedEdge => {
          const target = targetOf(lockfile, '.', alias, version, importers);
          return { kind: prod ? 'dependencies' : 'devDependencies', alias, specifier: `peer of ${key}`, target };
        });
    },
  );
}

/** Where a locked reference leads. A link into a workspace's folder (`publishConfig.linkDirectory`) leads to the workspace. */
export function targetOf(
  lockfile: PnpmLockfile,
  from: string,
  alias: string,
  version: string,
  importers: ReadonlyMap<string, Importer>,
): LockedEdge['target'] {
  const key = packageKey(lockfile, alias, version, from);
  if (key !== undefined) {
    const { folder } = nodeOf(lockfile, key);
    if (folder === undefined) return { package: key };
    return importers.has(folder) ? { importer: folder } : { folder };
  }
  const folder = posix.join(from, version.slice('link:'.length)).replace(/(?<=.)\/$/, '');
  const owner = ownerOf(folder, importers);
  return owner === undefined || (owner === from && folder !== from) ? { folder } : { importer: owner };
}

/** pnpm 9 and 10 link the folder all the same, though it holds no package. */
function noWorkspace(lockfile: PnpmLockfile, id: string, alias: string, folder: string): StowageError {
  return new StowageError(ErrorCode.LockfileInconsistent, `${lockfile.path}: ${id} has ${alias} linked to ${folder}, which is no workspace`, {
    where: { file: lockfile.path, line: lineOfEntry(lockfile, id, alias), key: id },
    hint: REPAIR,
  });
}

function ownerOf(folder: string, importers: ReadonlyMap<string, Importer>): string | undefined {
  if (folder === '.') return folder;
  for (let path = folder; path !== '.' && path !== '/'; path = posix.dirname(path)) if (importers.has(path)) return path;
  return undefined;
}

function find(locked: LockedImporter | undefined, alias: string): LockedDependency | undefined {
  for (const section of SECTIONS) {
    const found = ownValue(locked?.[section], alias);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** With `excludeLinksFromLockfile`, what a manifest links by `link:` is in no importer. */
function unlockedLink({ document }: PnpmLockfile, specifier: string): string | undefined {
  return document.settings?.excludeLinksFromLockfile === 'true' && specifier.startsWith('link:') ? specifier : undefined;
}

/** Peers and optional dependencies may be missing, and so may what an override (`-`) or a pnpmfile takes out of manifests. */
function mustBeLocked({ document }: PnpmLockfile, { manifest }: Importer, kind: DependencyKind, alias: string): boolean {
  if (kind === 'peerDependencies' || kind === 'optionalDependencies' || ownValue(manifest.optionalDependencies, alias) !== undefined) return false;
  if (document.pnpmfileChecksum !== undefined) return false;
  return !Object.entries(document.overrides ?? {}).some(([key, value]) => value === '-' && parseOverrideKey(key).target === alias);
}

function outdated(lockfile: PnpmLockfile, importer: Importer, kind: DependencyKind, alias: string): StowageError {
  const { importers } = lockfile.document;
  const ids = importers.blocks.map(({ key }) => key);
  const file = manifestPath(importer.id);
  const separate = !importers.has(importer.id) && ids.length === 1 && ids[0] === '.';
  return new StowageError(
    ErrorCode.LockfileOutdated,
    !importers.has(importer.id)
      ? `${lockfile.path} has no importer ${importer.id}, though ${file} has dependencies`
      : `${file} depends on ${alias}, which ${lockfile.path} does not have for it`,
    {
      where: { file, key: `${kind}.${alias}` },
      hint: separate
        ? 'With sharedWorkspaceLockfile=false each workspace has a lockfile of its own, which Stowage does not read: set it to true, run `pnpm install` and commit pnpm-lock.yaml.'
        : 'Run `pnpm install --lockfile-only` and commit pnpm-lock.yaml.',
    },
  );
}
