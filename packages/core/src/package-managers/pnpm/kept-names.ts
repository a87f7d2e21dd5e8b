import { needsOf } from './locked-node.ts';
import { type PnpmLockfile, SECTIONS } from './lockfile.ts';
import type { NarrowedImporter } from './narrow-importers.ts';
import { packageName } from './overrides.ts';
import type { ReachedPackages } from './reach.ts';

/** Settings that name packages, each for itself: what they say of one that is not installed has no effect. */
export const PACKAGE_LISTS = [
  'allowBuilds',
  'ignoredBuiltDependencies',
  'minimumReleaseAgeExclude',
  'neverBuiltDependencies',
  'onlyBuiltDependencies',
  'trustPolicyExclude',
] as const;

/** Every name by which an install knows something: of importers, of packages, and those they are imported by. */
export function keptNames(lockfile: PnpmLockfile, importers: ReadonlyMap<string, NarrowedImporter>, packages: ReachedPackages): Set<string> {
  const names = new Set(lockfile.environmentPackages.map(packageName));
  for (const { importer, sections } of importers.values()) {
    const { manifest } = importer;
    const maps = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies, manifest.peerDependencies];
    for (const name of [importer.name, ...maps.flatMap((map) => Object.keys(map ?? {}))]) names.add(name);
    for (const section of SECTIONS) for (const name of Object.keys(sections[section] ?? {})) names.add(name);
  }
  for (const node of packages.keys()) {
    names.add(node.name);
    for (const alias of needsOf(lockfile, node).aliases) names.add(alias);
  }
  return names;
}

/** Whether an entry of a package list is surely about a package that is not kept: patterns and repositories never are. */
export function isForeign(entry: string, names: ReadonlySet<string>): boolean {
  return /^(?:@[\w.~-]+\/)?[\w.~-]+(?:@[\w.+ |-]*)?$/.test(entry) && !names.has(packageName(entry));
}
