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
}

/** @throws StowageError LockfileInconsistent where `packages` has nothing about the key */
export const nodeOf = perKey((lockfile: PnpmLockfile, key: string): LockedNode => {
  const { packages, snapshots } = lockfile.document;
  const base = baseKey(lockfile, key);
  return {
    key,
    ...nameAndVersion(lockfile, key),
    label: labelOf(lockfile, key),
    snapshot: snapshots.get(key) as LockedPackage,
    snapshotAt: snapshots.indexOf(key) as number,
    base: packages.get(base) as LockedPackage,
    baseAt: packages.indexOf(base) as number,
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
