import semver from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { DependencyKind, Importer } from '../../model.ts';
import type { BunDependency, BunLockfile, BunWorkspace } from './lockfile.ts';
import { type Json, type JsonObject, stringsAt } from './text.ts';

const KINDS: readonly DependencyKind[] = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/**
 * The lockfile's own record of an importer.
 * @throws StowageError LockfileOutdated where there is none, or where it has other dependencies than the manifest.
 */
export function workspaceOf(lockfile: BunLockfile, importer: Importer): BunWorkspace {
  const workspace = lockfile.workspaces.get(importer.id);
  if (workspace === undefined) throw outdated(lockfile, importer, undefined, `${importer.name} is not in ${lockfile.path}.`);
  for (const kind of KINDS) {
    const locked = workspace.fields.get(kind);
    for (const [name, specifier] of Object.entries(importer.manifest[kind] ?? {})) {
      const known = locked instanceof Map ? locked.get(name) : undefined;
      // Version 0 has the path of a workspace in place of the specifier.
      if (known !== specifier && known !== specifier.trim() && !(lockfile.version === 0 && lockfile.workspaces.has(String(known)))) {
        throw outdated(lockfile, importer, name, `${importer.name} depends on ${name}@${specifier}, which ${lockfile.path} does not have.`);
      }
    }
  }
  return workspace;
}

function outdated({ path }: BunLockfile, { id }: Importer, key: string | undefined, message: string): StowageError {
  return new StowageError(ErrorCode.LockfileOutdated, message, {
    where: { file: id === '.' ? 'package.json' : `${id}/package.json`, ...(key === undefined ? {} : { key }) },
    hint: `Run \`bun install\` and commit ${path}.`,
  });
}

export function failUnresolved(lockfile: BunLockfile, importer: Importer, { name, specifier }: BunDependency): StowageError {
  return outdated(lockfile, importer, name, `${lockfile.path} has no entry for ${name}@${specifier}, on which ${importer.name} depends.`);
}

/** Whether a (masked) importer still has a dependency of its locked record. */
export function isKept(importer: Importer, { kind, name }: BunDependency): boolean {
  return kind !== 'workspace' && importer.manifest[kind]?.[name] !== undefined;
}

/** The record of a masked importer: what went from the manifest goes from it too, and the version is the manifest's. */
export function narrowRecord({ fields }: BunWorkspace, importer: Importer): JsonObject {
  const narrowed = new Map<string, Json>();
  for (const [field, value] of fields) {
    const kept = field === 'version' ? undefined : narrowField(field, value, importer);
    if (kept !== undefined) narrowed.set(field, kept);
    const version = field === 'name' && importer.id !== '.' ? versionText(fields.get('version'), importer.manifest.version) : undefined;
    if (version !== undefined) narrowed.set('version', version);
  }
  return narrowed;
}

/** What a tuple of version 0 says of a workspace besides: its dependencies once more, and its programs. */
export function narrowInfo(info: JsonObject, importer: Importer): JsonObject {
  const narrowed = [...info].map(([field, value]) => [field, narrowField(field, value, importer)] as const);
  return new Map(narrowed.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
}

function versionText(locked: Json | undefined, version: string | undefined): string | undefined {
  const wanted = semver.valid(version);
  if (wanted === null) return undefined;
  return typeof locked === 'string' && semver.valid(locked) === wanted ? locked : wanted;
}

function narrowField(field: string, value: Json, importer: Importer): Json | undefined {
  const isMap = KINDS.find((kind) => kind === field);
  if (isMap !== undefined && value instanceof Map) {
    const kept = new Map([...(value as JsonObject)].filter(([name]) => importer.manifest[isMap]?.[name] !== undefined));
    return kept.size === 0 ? undefined : kept;
  }
  if (field !== 'optionalPeers') return value;
  const kept = stringsAt(new Map([[field, value]]), field).filter((name) => importer.manifest.peerDependencies?.[name] !== undefined);
  return kept.length === 0 ? undefined : kept;
}
