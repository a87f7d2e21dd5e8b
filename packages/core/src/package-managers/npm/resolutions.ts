import type { PrunedInstall } from '../adapter.ts';
import { gatherResolutions } from '../gather-resolutions.ts';
import type { NpmLockfile } from './lockfile.ts';
import { isInNodeModules, type Tree, type TreeNode } from './tree.ts';

/** The packages of a tree, each version once, with what depends on it. */
export function listResolutions(tree: Tree): PrunedInstall['resolutions'] {
  return gatherResolutions(
    [...tree.nodes.values()].flatMap((node) =>
      node.edges.flatMap(({ to }) =>
        to === undefined || !isPackage(to) ? [] : [{ name: nameOf(to), version: to.entry.version ?? '', by: [idOf(node)] }],
      ),
    ),
  );
}

/** Names of packages that no place on top has. */
export function nestedNames(tree: Tree): ReadonlySet<string> {
  const locations = [...tree.nodes.values()].filter(isPackage).map(({ location }) => location);
  const onTop = new Set(locations.filter((location) => location.lastIndexOf('node_modules/') === 0));
  return new Set(locations.map((location) => location.replace(/^.*node_modules\//, '')).filter((name) => !onTop.has(`node_modules/${name}`)));
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
