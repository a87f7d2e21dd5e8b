import { major } from 'semver';
import { byCodeUnit } from '../../order.ts';

export type NameOrder = (a: string, b: string) => number;

/** Keys of the lockfile's root that are names of packages too. */
const ROOT_KEYS = ['settings', 'catalogs', 'overrides', 'specifiers', 'dependencies', 'importers', 'packages'];

/**
 * How a release orders the names in a map of an importer (`sortLockfileKeys`): the root's keys as in the root, then the others by code units. Through
 * 11, which is JavaScript, whole numbers come before all, as in every object.
 */
export function nameOrder(version: string): NameOrder {
  const byName: NameOrder = (a, b) => rank(a) - rank(b) || byCodeUnit(a, b);
  if (major(version) >= 12) return byName;
  return (a, b) => Number(isNumber(b)) - Number(isNumber(a)) || (isNumber(a) ? Number(a) - Number(b) : byName(a, b));
}

function isNumber(name: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(name);
}

function rank(name: string): number {
  return ROOT_KEYS.includes(name) ? ROOT_KEYS.indexOf(name) : ROOT_KEYS.length;
}
