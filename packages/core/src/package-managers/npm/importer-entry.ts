import { DEPENDENCY_KINDS } from '../../dependency-kinds.ts';
import type { DependencyKind, Manifest } from '../../model.ts';
import { insertMember } from './flags.ts';
import type { LockEntry } from './lockfile.ts';

/** Further members of a workspace's entry that npm copies from its manifest. */
const copied = new Set([
  'license',
  'bin',
  'engines',
  'funding',
  'os',
  'cpu',
  'libc',
  'deprecated',
  'acceptDependencies',
  'bundleDependencies',
  'peerDependenciesMeta',
]);

/**
 * The entry of a workspace, or of the root, for a manifest that says less than the one it was made from. Members and their order stay, but for
 * what the manifest has no more; what npm did not take from the manifest (hashes of extensions) stays as it is.
 */
export function narrowImporterEntry(entry: LockEntry, manifest: Manifest, unmasked: Manifest): LockEntry {
  let members = Object.entries(entry).flatMap(([key, value]): [string, unknown][] => {
    if (isMap(key)) {
      const map = narrowMap(key, value as Readonly<Record<string, string>>, manifest);
      // An empty map stays where both have it: npm copies devDependencies as they are.
      const isEmpty = Object.keys(map).length === 0;
      return isEmpty && (manifest[key] === undefined || Object.keys(value as object).length > 0) ? [] : [[key, map]];
    }
    if (key === 'version' || key === 'workspaces') return manifest[key] === undefined ? [] : [[key, manifest[key]]];
    if (key === 'hasInstallScript') return hasInstallScript(manifest) || !hasInstallScript(unmasked) ? [[key, value]] : [];
    return copied.has(key) && manifest[key] === undefined ? [] : [[key, value]];
  });
  for (const key of DEPENDENCY_KINDS) {
    const added = entry[key] === undefined ? narrowMap(key, {}, manifest) : {};
    if (Object.keys(added).length > 0) members = insertMember(members, key, added);
  }
  return Object.fromEntries(members);
}

/** The manifest's map in the entry's order. npm drops from `dependencies` what is optional too. */
function narrowMap(key: DependencyKind, recorded: Readonly<Record<string, string>>, manifest: Manifest): Record<string, string> {
  const wanted = { ...manifest[key] };
  if (key === 'dependencies') for (const name of Object.keys(manifest.optionalDependencies ?? {})) delete wanted[name];
  const known = Object.keys(recorded).filter((name) => Object.hasOwn(wanted, name));
  const others = Object.keys(wanted).filter((name) => !Object.hasOwn(recorded, name));
  return Object.fromEntries([...known, ...others].map((name) => [name, wanted[name] as string]));
}

function isMap(key: string): key is DependencyKind {
  return (DEPENDENCY_KINDS as readonly string[]).includes(key);
}

function hasInstallScript({ scripts }: Manifest): boolean {
  return ['preinstall', 'install', 'postinstall'].some((name) => scripts?.[name] !== undefined);
}
