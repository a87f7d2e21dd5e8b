import semver from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import { byCodeUnit } from '../../order.ts';
import type { BunDependency, BunPackage } from './lockfile.ts';
import { isWorkspace } from './resolve.ts';

/** A package in its place: one line of `packages`. */
export interface Placement {
  readonly dependency: BunDependency;
  readonly package: BunPackage;
}

interface Placed extends Placement {
  readonly by: BunPackage;
}

/** One node_modules folder. */
interface Folder {
  /** Names of the packages around it, joined by `/`; empty for the top. */
  readonly path: string;
  readonly depth: number;
  readonly parent: Folder | undefined;
  readonly owner: BunPackage;
  readonly placed: Map<string, Placed>;
}

interface Task {
  readonly parent: Folder | undefined;
  readonly package: BunPackage;
  readonly name: string;
  /** Nothing rises above this folder: dependencies of what came in a tarball stay with it. */
  readonly ceiling: Folder | undefined;
}

export interface Layout {
  /** Key -> placement in the order of bun.lock: by depth, then folder, then name. */
  readonly byKey: ReadonlyMap<string, Placement>;
  /** The same, in the order in which bun comes by them. */
  readonly asPlaced: readonly Placement[];
}

export interface HoistInput {
  readonly root: BunPackage;
  dependenciesOf(of: BunPackage): readonly BunDependency[];
  target(dependency: BunDependency): BunPackage | undefined;
  /** The range behind a specifier, `catalog:` resolved; undefined where it is none. */
  range(dependency: BunDependency): string | undefined;
  /**
   * What keeps a package low besides another of its name. Since bun 1.4: a folder whose version of its peer is out of range, where a lower one has
   * one in range; and, of what came in a tarball, that the tarball's package itself asks for another of its name, which lies higher.
   */
  readonly minds: 'names' | 'names and needs';
}

/** No chain of packages, each below the other, is so long. */
const DEEPEST = 200;

/**
 * Lays packages out as bun does: breadth first from the root, each as high as no other package of its name stands in the way
 * (src/install/lockfile/Tree.rs).
 * @throws StowageError LockfileInconsistent where packages nest for ever
 */
export function hoist(input: HoistInput): Layout {
  const folders: Folder[] = [];
  const queue: Task[] = [{ parent: undefined, package: input.root, name: '', ceiling: undefined }];
  for (const task of queue) {
    const { parent } = task;
    const path = parent === undefined || parent.path === '' ? task.name : `${parent.path}/${task.name}`;
    const folder: Folder = { path, depth: parent === undefined ? 0 : parent.depth + 1, parent, owner: task.package, placed: new Map() };
    if (folder.depth > DEEPEST) throw endless(path);
    folders.push(folder);
    for (const dependency of input.dependenciesOf(task.package)) {
      const target = input.target(dependency);
      if (target === undefined) continue;
      const place = placeFor(input, folder, task.ceiling, dependency, target);
      if (place === undefined) continue;
      place.placed.set(dependency.name, { dependency, package: target, by: task.package });
      queue.push({ parent: place, package: target, name: dependency.name, ceiling: dependency.bundled ? place : task.ceiling });
    }
  }
  return { byKey: inOrder(folders), asPlaced: folders.flatMap(({ placed }) => [...placed.values()]) };
}

function endless(path: string): StowageError {
  const names = path.match(/@[^/]+\/[^/]+|[^/]+/g)?.slice(-8) ?? [];
  return new StowageError(ErrorCode.LockfileInconsistent, `Packages would nest for ever: ... > ${names.join(' > ')}.`, {
    where: { file: 'bun.lock' },
    hint: 'One of them bundles what depends on it again. Hold one at a single version with "overrides" and run `bun install`.',
  });
}

/** The folder to put a dependency in: the topmost, or its own where another package of its name stands in the way; undefined where it needs none. */
function placeFor(input: HoistInput, folder: Folder, ceiling: Folder | undefined, dependency: BunDependency, target: BunPackage): Folder | undefined {
  if (dependency.bundled) return folder;
  if (isFolder(target)) return liesIn(folder, target, dependency.name) ? undefined : folder;
  let top = folder;
  const mindful = input.minds === 'names and needs';
  const loses = mindful ? peerProbe(input, target, folder) : () => false;
  for (let at: Folder | undefined = folder; at !== undefined; at = at === ceiling ? undefined : at.parent) {
    if (loses(at)) return folder;
    const other = at.placed.get(dependency.name);
    if (other !== undefined) {
      const provided = other.package === target || at === folder || (dependency.kind === 'peerDependencies' && accepts(input, dependency, other));
      return provided ? undefined : folder;
    }
    // What a tarball's package brings finds that package around it; a copy in its own folder would nest for ever.
    if (at === ceiling && at.owner === target) return undefined;
    if (mindful && at === ceiling && asksForOther(input, at.owner, dependency.name, target)) return folder;
    top = at;
  }
  return top;
}

/** A peer takes another version in its range, and any that the root chose. */
function accepts(input: HoistInput, dependency: BunDependency, other: Placed): boolean {
  const range = input.range(dependency);
  return other.by === input.root || (range !== undefined && semver.satisfies(other.package.resolution, range, { loose: true }));
}

function asksForOther(input: HoistInput, owner: BunPackage, name: string, target: BunPackage): boolean {
  return owner.dependencies.some((dependency) => dependency.name === name && (input.target(dependency) ?? target) !== target);
}

/**
 * Asked of one folder after the other, upwards: whether a package would lose there a peer that it has below. Optional peers do not count. Of the
 * first folder, what its owner has yet to place counts too.
 */
function peerProbe(input: HoistInput, target: BunPackage, first: Folder): (at: Folder) => boolean {
  if (isWorkspace(target)) return () => false;
  const peers = input.dependenciesOf(target).filter(({ kind, optionalPeer }) => kind === 'peerDependencies' && !optionalPeer);
  const provided = new Set<BunDependency>();
  const asked = (name: string): BunPackage | undefined => {
    const own = input.dependenciesOf(first.owner).find((each) => each.name === name);
    return own && input.target(own);
  };
  return (at) =>
    peers.some((peer) => {
      const other = at.placed.get(peer.name)?.package ?? (at === first ? asked(peer.name) : undefined);
      const range = input.range(peer);
      if (other === undefined || range === undefined) return false;
      if (!semver.satisfies(other.resolution, range, { loose: true })) return provided.has(peer);
      provided.add(peer);
      return false;
    });
}

export function isFolder({ resolution }: BunPackage): boolean {
  return resolution.startsWith('file:') && !/\.t(?:ar\.)?gz$/.test(resolution);
}

/** Folder dependencies never rise; a cycle of them would nest for ever. */
function liesIn(folder: Folder, target: BunPackage, name: string): boolean {
  for (let at: Folder | undefined = folder; at !== undefined; at = at.parent) {
    if (at.owner === target && (at.path === name || at.path.endsWith(`/${name}`))) return true;
  }
  return false;
}

function inOrder(folders: readonly Folder[]): Map<string, Placement> {
  const sorted = folders.filter(({ placed }) => placed.size > 0).sort((a, b) => a.depth - b.depth || byCodeUnit(a.path, b.path));
  return new Map(
    sorted.flatMap(({ path, placed }) =>
      [...placed]
        .sort(([a], [b]) => byCodeUnit(a, b))
        .map(([name, { dependency, package: target }]) => [path === '' ? name : `${path}/${name}`, { dependency, package: target }] as const),
    ),
  );
}
