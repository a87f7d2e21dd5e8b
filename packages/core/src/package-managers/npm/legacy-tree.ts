import type { Manifest } from '../../model.ts';
import { type Flags, withFlags } from './flags.ts';
import type { LegacyEntry, LockEntry, NpmLockfile } from './lockfile.ts';

export interface LegacyScope {
  readonly kept: ReadonlySet<string>;
  /** Flags of the entries whose flags change. */
  readonly flags: ReadonlyMap<string, Flags>;
  /** Manifests of the kept workspaces, by location. */
  readonly manifests: ReadonlyMap<string, Manifest>;
}

/** The same choice in the tree that lockfileVersion 2 keeps for npm 6; npm 7 and later only rewrite it. */
export function pruneLegacyTree(lockfile: NpmLockfile, scope: LegacyScope): NpmLockfile['legacy'] {
  return lockfile.legacy && pruneChildren(lockfile.legacy, '', lockfile.entries, scope);
}

function pruneChildren(
  children: Readonly<Record<string, LegacyEntry>>,
  folder: string,
  entries: ReadonlyMap<string, LockEntry>,
  scope: LegacyScope,
): Readonly<Record<string, LegacyEntry>> | undefined {
  const kept = Object.entries(children).flatMap(([name, child]): [string, LegacyEntry][] => {
    const location = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (!scope.kept.has(location)) return [];
    const entry = entries.get(location);
    return [[name, pruneNode(child, location, entry?.link === true ? entry.resolved : undefined, entries, scope)]];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function pruneNode(
  node: LegacyEntry,
  location: string,
  target: string | undefined,
  entries: ReadonlyMap<string, LockEntry>,
  scope: LegacyScope,
): LegacyEntry {
  const { flags, manifests } = scope;
  const own = target === undefined ? flags.get(location) : undefined;
  const manifest = target === undefined ? undefined : manifests.get(target);
  const members = Object.entries(own === undefined ? node : withFlags(node, own)).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'dependencies') {
      const children = pruneChildren(value as Readonly<Record<string, LegacyEntry>>, target ?? location, entries, scope);
      return children === undefined ? [] : [[key, children]];
    }
    if (key !== 'requires' || manifest === undefined || typeof value !== 'object') return [[key, value]];
    const requires = requiredBy(manifest, value as Readonly<Record<string, string>>);
    return Object.keys(requires).length === 0 ? [] : [[key, requires]];
  });
  return Object.fromEntries(members) as LegacyEntry;
}

function requiredBy(manifest: Manifest, recorded: Readonly<Record<string, string>>): Record<string, string> {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const wanted = { ...dependencies, ...optionalDependencies, ...devDependencies };
  return Object.fromEntries(Object.entries(recorded).filter(([name]) => Object.hasOwn(wanted, name)));
}
