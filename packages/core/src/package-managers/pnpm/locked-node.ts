import { posix } from 'node:path';
import { perKey } from '../per-key.ts';
import { baseKey, labelOf, nameAndVersion, packageKey } from './graph.ts';
import { type LockedImporter, type LockedPackage, type PnpmLockfile, SECTIONS, type Section } from './lockfile.ts';

/** A package of the lockfile. It is one object for all installs, so that who asks many packages looks up no keys. */
export interface LockedNode {
  readonly key: string;
  readonly name: string;
  readonly version: string;
  /** `name@version`: the same for all variants by peers. */
  readonly label: string;
  /** Its entry under `snapshots`, and where that stands; up to 6.0 both entries are one. */
  readonly snapshot: LockedPackage;
  readonly snapshotAt: number;
  /** Its entry under `packages`, and where that stands. */
  readonly base: LockedPackage;
  readonly baseAt: number;
  /** The folder, relative to the root, that it is a copy of (`file:packages/a`). */
  readonly folder: string | undefined;
  /** The tarball of the repository that it is unpacked from (`file:vendor/a.tgz`). */
  readonly tarball: string | undefined;
}

/** @throws StowageError LockfileInconsistent where `packages` has nothing about the key */
export const nodeOf = perKey((lockfile: PnpmLockfile, key: string): LockedNode => {
  const { packages, snapshots } = lockfile.document;
  const baseOfKey = baseKey(lockfile, key);
  const base = packages.get(baseOfKey) as LockedPackage;
  const { type, directory, tarball } = base.resolution ?? {};
  return {
    key,
    ...nameAndVersion(lockfile, key),
    label: labelOf(lockfile, key),
    snapshot: snapshots.get(key) as LockedPackage,
    snapshotAt: snapshots.indexOf(key) as number,
    base,
    baseAt: packages.indexOf(baseOfKey) as number,
    folder: type === 'directory' ? posix.normalize(String(directory)) : undefined,
    tarball: typeof tarball === 'string' && tarball.startsWith('file:') ? posix.normalize(tarball.slice('file:'.length)) : undefined,
  };
});

export interface Dependency {
  readonly node: LockedNode;
  readonly optional: boolean;
}

/** What a package depends on. */
export interface Needs {
  /** Nothing linked. */
  readonly dependencies: readonly Dependency[];
  /** Names that the package has for some of them other than their own, and those of what it links. */
  readonly aliases: readonly string[];
}

const needs = new WeakMap<LockedNode, Needs>();

/** @throws StowageError LockfileInconsistent where an entry is missing */
export function needsOf(lockfile: PnpmLockfile, node: LockedNode): Needs {
  const found = needs.get(node) ?? findNeeds(lockfile, node);
  needs.set(node, found);
  return found;
}

function findNeeds(lockfile: PnpmLockfile, { key, snapshot }: LockedNode): Needs {
  const dependencies: Dependency[] = [];
  const aliases: string[] = [];
  const add = (map: Readonly<Record<string, string>> | undefined, optional: boolean): void => {
    for (const alias in map) {
      const target = packageKey(lockfile, alias, map[alias] as string, key);
      const node = target === undefined ? undefined : nodeOf(lockfile, target);
      if (node !== undefined) dependencies.push({ node, optional });
      if (node?.name !== alias) aliases.push(alias);
    }
  };
  add(snapshot.dependencies, false);
  add(snapshot.optionalDependencies, true);
  return { dependencies, aliases };
}

export interface DirectDependency {
  readonly node: LockedNode;
  readonly section: Section;
}

const direct = new WeakMap<LockedImporter, readonly DirectDependency[]>();

/**
 * What an importer depends on in the lockfile; nothing linked.
 * @throws StowageError LockfileInconsistent where an entry is missing
 */
export function importerDependencies(lockfile: PnpmLockfile, id: string, locked: LockedImporter): readonly DirectDependency[] {
  const found = direct.get(locked) ?? findDirect(lockfile, id, locked);
  direct.set(locked, found);
  return found;
}

function findDirect(lockfile: PnpmLockfile, id: string, locked: LockedImporter): DirectDependency[] {
  return SECTIONS.flatMap((section) =>
    Object.entries(locked[section] ?? {}).flatMap(([alias, { version }]) => {
      const key = packageKey(lockfile, alias, version, id);
      return key === undefined ? [] : [{ node: nodeOf(lockfile, key), section }];
    }),
  );
}
