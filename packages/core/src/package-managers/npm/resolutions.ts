import type { PrunedInstall } from '../adapter.ts';
import { gatherResolutions } from '../gather-resolutions.ts';
import type { NpmLockfile } from './lockfile.ts';
import { isInNodeModules, type Tree, type TreeNode } from './tree.ts';

/** The packages of a tree, each version once, with what depends on it: nothing is there for an optional peer's sake. */
export function listResolutions(tree: Tree): PrunedInstall['resolutions'] {
  return gatherResolutions(
    [...tree.nodes.values()].flatMap((node) =>
      node.edges.flatMap(({ kind, to }) =>
        to === undefined || kind === 'peerOptional' || !isPackage(to)
          ? []
          : [{ name: nameOf(to), version: to.entry.version ?? '', by: [idOf(node)] }],
      ),
    ),
  );
}

/** Packages, `name@version`, that no place on top has. */
export function nestedPackages(tree: Tree): ReadonlySet<string> {
  const packages = [...tree.nodes.values()].filter(isPackage);
  const onTop = new Set(packages.filter(({ location }) => location.lastIndexOf('node_modules/') === 0).map(idOf));
  return new Set(packages.map(idOf).filter((id) => !onTop.has(id)));
}

export function lockedPackages({ entries }: NpmLockfile): ReadonlySet<string> {
  const packages = [...entries].filter(([location, { link }]) => link !== true && isInNodeModules(location));
  return new Set(packages.map(([location, { name, version }]) => `${name ?? location.replace(/^.*node_modules\//, '')}@${version ?? ''}`));
}

function isPackage(node: TreeNode): boolean {
  return node.target === undefined && isInNodeModules(node.location);
}

function idOf(node: TreeNode): string {
  if (node.importer !== undefined) return node.importer.id;
  return isPackage(node) ? `${nameOf(node)}@${node.entry.version ?? ''}` : node.location;
}

/** An entry tells its package's name only where it is installed under another (an alias). */
function nameOf(node: TreeNode): string {
  return node.entry.name ?? node.name;
}
