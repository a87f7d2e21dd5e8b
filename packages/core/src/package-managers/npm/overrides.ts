import { validRange } from 'semver';
import type { Location } from '../../errors.ts';
import type { Diagnostic, Manifest } from '../../model.ts';
import { fits } from './fits.ts';
import { isInNodeModules, type Tree, type TreeNode } from './tree.ts';

/** Names that any key of `overrides` speaks of, at any depth (`name`, `name@range`). */
export function overriddenNames(root: Manifest | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (overrides: unknown): void => {
    if (typeof overrides !== 'object' || overrides === null) return;
    for (const [key, value] of Object.entries(overrides)) {
      names.add(keyName(key));
      collect(value);
    }
  };
  collect(root?.overrides);
  return names;
}

/**
 * Packages that an override of the root, for all of that name, wants in another version: npm 10 installs them as they are. A name that stands more
 * than once among the overrides is left to npm.
 */
export function unmetOverrides(tree: Tree, at: (node: TreeNode) => Location): Diagnostic[] {
  const root = tree.root.importer?.manifest ?? {};
  const wanted = new Map(
    Object.entries((root.overrides ?? {}) as Readonly<Record<string, unknown>>).flatMap(([name, value]): [string, string][] => {
      const range =
        typeof value === 'string' && value.startsWith('$') ? tree.root.edges.find((edge) => edge.name === value.slice(1))?.specifier : value;
      const isPlain = typeof range === 'string' && validRange(range) !== null && mentionsOf(root.overrides, name) === 1;
      return isPlain ? [[name, range]] : [];
    }),
  );
  return [...tree.nodes.values()].flatMap((node): Diagnostic[] => {
    const range = isInNodeModules(node.location) && node.entry.inBundle !== true ? wanted.get(node.entry.name ?? node.name) : undefined;
    if (range === undefined || fits(node, range)) return [];
    const message = `${node.location} is locked to ${node.entry.version}, and "overrides" of package.json want ${range}.`;
    return [{ level: 'warning', code: 'npm-override-unmet', message, ...at(node), hint: 'Run npm install, and commit the lockfile.' }];
  });
}

function mentionsOf(overrides: unknown, name: string): number {
  if (typeof overrides !== 'object' || overrides === null) return 0;
  return Object.entries(overrides).reduce((count, [key, value]) => count + (keyName(key) === name ? 1 : 0) + mentionsOf(value, name), 0);
}

/** `name` of `name@range`. */
function keyName(key: string): string {
  const at = key.indexOf('@', 1);
  return at < 0 ? key : key.slice(0, at);
}
