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
