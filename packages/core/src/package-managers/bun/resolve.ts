import semver from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { BunDependency, BunEntry, BunLockfile, BunPackage, BunWorkspace } from './lockfile.ts';

/** Where the lockfile leads each dependency of each package. */
export interface BunGraph {
  readonly lockfile: BunLockfile;
  /** Undefined for what may stay away: peers and optional dependencies without an entry. */
  target(dependency: BunDependency): BunPackage | undefined;
}

/**
 * Follows the lockfile as bun does on reading it: names are looked up from a package's place towards the root;
 * of a package that lies in several places the last one decides (src/install/lockfile/bun.lock.rs).
 * @throws StowageError LockfileInconsistent naming an entry's dependency that no place provides.
 */
export function bunGraph(lockfile: BunLockfile): BunGraph {
  const targets = new Map<BunDependency, BunPackage>();
  for (const workspace of lockfile.workspaces.values()) {
    for (const dependency of workspace.package.dependencies)
      bind(targets, dependency, entryFrom(lockfile, workspaceScope(workspace), dependency.name)?.package);
  }
  for (const entry of lockfile.entries.values()) {
    if (isWorkspace(entry.package)) continue;
    for (const dependency of entry.package.dependencies) {
      const found = entryFrom(lockfile, entry.key, dependency.name);
      if (found === undefined && !mayStayAway(dependency)) throw missing(lockfile, entry, dependency);
      bind(targets, dependency, found?.package);
    }
  }
  return { lockfile, target: (dependency) => targets.get(dependency) };
}

/**
 * The same as bun reads it since 1.4: a peer with a range is bound to the highest locked version in it, or else to the highest of all, wherever that
 * lies (`resolve_peer_dep_version_based`). Optional and overridden peers, and those of any version, are looked up like all else.
 */
export function withPeersByVersion(graph: BunGraph, rangeOf: (dependency: BunDependency) => string, overridden: ReadonlySet<string>): BunGraph {
  const candidates = new Map<string, BunPackage[]>();
  for (const each of new Set([...graph.lockfile.entries.values()].map((entry) => entry.package))) {
    if (semver.valid(each.resolution, { loose: true }) !== null) candidates.set(each.name, [...(candidates.get(each.name) ?? []), each]);
  }
  for (const versions of candidates.values()) versions.sort((a, b) => semver.rcompare(a.resolution, b.resolution, { loose: true }));
  const byVersion = (peer: BunDependency): BunPackage | undefined => {
    const name = /^npm:(@?[^@]+)/.exec(peer.specifier)?.[1] ?? peer.name;
    const range = rangeOf(peer);
    if (overridden.has(name) || range.trim() === '*' || semver.validRange(range, { loose: true }) === null) return undefined;
    const versions = candidates.get(name) ?? [];
    return versions.find(({ resolution }) => semver.satisfies(resolution, range, { loose: true })) ?? versions[0];
  };
  return {
    lockfile: graph.lockfile,
    target: (each) => (each.kind === 'peerDependencies' && !each.optionalPeer ? byVersion(each) : undefined) ?? graph.target(each),
  };
}

function bind(targets: Map<BunDependency, BunPackage>, dependency: BunDependency, target: BunPackage | undefined): void {
  if (target !== undefined) targets.set(dependency, target);
}

export function isWorkspace({ resolution }: BunPackage): boolean {
  return resolution === 'root:' || resolution.startsWith('workspace:');
}

function mayStayAway({ kind }: BunDependency): boolean {
  return kind === 'peerDependencies' || kind === 'optionalDependencies';
}

function workspaceScope({ id, name }: BunWorkspace): string {
  return id === '.' ? '' : name;
}

/** The entry that a package at `key` sees under a name. */
function entryFrom({ entries }: BunLockfile, key: string, name: string): BunEntry | undefined {
  const folders = key.match(/@[^/]+\/[^/]+|[^/]+/g) ?? [];
  for (let depth = folders.length; depth >= 0; depth--) {
    const entry = entries.get([...folders.slice(0, depth), name].join('/'));
    if (entry !== undefined) return entry;
  }
  return undefined;
}

function missing(lockfile: BunLockfile, entry: BunEntry, { name, specifier }: BunDependency): StowageError {
  return new StowageError(
    ErrorCode.LockfileInconsistent,
    `${lockfile.path} has no entry for ${name}@${specifier}, which ${entry.package.id} needs.`,
    {
      where: { file: lockfile.path, line: entry.line, key: entry.key },
      hint: 'Run `bun install` and commit bun.lock.',
    },
  );
}
