import { satisfies } from 'semver';
import type { Importer, Manifest } from '../../model.ts';
import { pathOfPattern, withPatterns } from '../narrow-workspaces.ts';
import type { Flags } from './flags.ts';
import type { Tree, TreeNode } from './tree.ts';

/** The root's `workspaces` without the literal paths of importers that are not kept; globs stay as they are. */
export function narrowWorkspaces(root: Importer, dropped: ReadonlySet<string>): Importer {
  return { ...root, manifest: withPatterns(root.manifest, (patterns) => patterns.filter((pattern) => !dropped.has(pathOfPattern(pattern)))) };
}

/** The root's `patchedDependencies` (npm 12) without those that patch no kept package: npm refuses an unused one. */
export function narrowPatches(root: Importer, kept: readonly TreeNode[]): Importer {
  const declared = root.manifest.patchedDependencies as Readonly<Record<string, string>> | undefined;
  if (declared === undefined) return root;
  const used = Object.entries(declared).filter(([selector, path]) => kept.some((node) => isPatchedBy(node, selector, path)));
  if (used.length > 0) return withFields(root, { patchedDependencies: Object.fromEntries(used) });
  const { patchedDependencies: _, ...manifest } = root.manifest;
  return { ...root, manifest: manifest as Manifest };
}

/**
 * npm 11 before 11.18 does not see `overrides` behind the link to a workspace: what they changed there is "invalid" to its `npm ls`, unless the
 * root depends on it too. So the root keeps those of its devDependencies that the production install holds anyway.
 */
export function keepOverrideAnchors(
  root: Importer,
  unmasked: Importer,
  npmVersion: string,
  tree: Tree,
  flags: ReadonlyMap<TreeNode, Flags>,
): Importer {
  if (root.manifest.overrides === undefined || !satisfies(npmVersion, '>=11.0.0 <11.18.0')) return root;
  const isInstalled = (node: TreeNode | undefined) => node !== undefined && Object.values(flags.get(node) ?? {}).every((flag) => !flag);
  const anchors = Object.entries(unmasked.manifest.devDependencies ?? {}).filter(
    ([name]) => isInstalled(tree.nodes.get(`node_modules/${name}`)) && !tree.root.edges.some((edge) => edge.name === name),
  );
  return anchors.length === 0 ? root : withFields(root, { devDependencies: { ...Object.fromEntries(anchors), ...root.manifest.devDependencies } });
}

function isPatchedBy({ name, entry }: TreeNode, selector: string, path: string): boolean {
  const at = selector.indexOf('@', 1);
  if (entry.patched?.path !== path || name !== (at < 0 ? selector : selector.slice(0, at))) return false;
  return at < 0 || satisfies(entry.version ?? '', selector.slice(at + 1), { loose: true });
}

function withFields(importer: Importer, fields: Readonly<Record<string, unknown>>): Importer {
  return { ...importer, manifest: { ...importer.manifest, ...fields } };
}
