import { satisfies, validRange } from 'semver';
import type { TreeNode } from './tree.ts';

/** Whether what an edge leads to is what it asks for; a link, and what no range is asked of, always is. */
export function fits(node: TreeNode, specifier: string): boolean {
  const version = node.entry.version;
  if (node.target !== undefined || (version !== undefined && surelyFits(version, specifier))) return true;
  const range = /^npm:.+@([^@]+)$/.exec(specifier)?.[1] ?? specifier;
  return validRange(range, { loose: true }) === null || range.trim() === '' || range === '*' || satisfies(version ?? '', range, { loose: true });
}

/** Nearly all ranges are a caret's: told without the cost of parsing each. */
function surelyFits(version: string, specifier: string): boolean {
  if (version === specifier) return true;
  const [, major, minor, patch] = /^\^([1-9]\d*)\.(\d+)\.(\d+)$/.exec(specifier) ?? [];
  const [, ownMajor, ownMinor, ownPatch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version) ?? [];
  if (major === undefined || major !== ownMajor) return false;
  return Number(ownMinor) > Number(minor) || (ownMinor === minor && Number(ownPatch) >= Number(patch));
}
