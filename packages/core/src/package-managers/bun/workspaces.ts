import semver from 'semver';
import { DEPENDENCY_KINDS } from '../../dependency-kinds.ts';
import { ErrorCode, StowageError } from '../../errors.ts';
import { importersById } from '../../importers.ts';
import type { DependencyKind, Importer } from '../../model.ts';
import { byCodeUnit, sortedBy } from '../../order.ts';
import { manifestPath } from '../../paths.ts';
import { isOptionalPeer, withMap } from '../peer-providers.ts';
import type { BunDependency, BunLockfile, BunWorkspace } from './lockfile.ts';
import { type Json, type JsonObject, objectAt, stringsAt } from './text.ts';

/** A masked importer, and what the lockfile says of it unmasked. */
export interface KeptImporter {
  readonly importer: Importer;
  readonly record: BunWorkspace;
}

/**
 * The lockfile's own record of an importer.
 * @throws StowageError LockfileOutdated where there is none, or where it has other dependencies than the manifest.
 */
export function workspaceOf(lockfile: BunLockfile, importer: Importer): BunWorkspace {
  const workspace = lockfile.workspaces.get(importer.id);
  if (workspace === undefined) throw outdated(lockfile, importer, undefined, `${importer.name} is not in ${lockfile.path}.`);
  for (const kind of DEPENDENCY_KINDS) {
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
    where: { file: manifestPath(id), ...(key === undefined ? {} : { key }) },
    hint: `Run \`bun install\` and commit ${path}.`,
  });
}

export function failUnresolved(lockfile: BunLockfile, importer: Importer, { name, specifier }: BunDependency): StowageError {
  return outdated(lockfile, importer, name, `${lockfile.path} has no entry for ${name}@${specifier}, on which ${importer.name} depends.`);
}

/**
 * Without devDependencies, bun would look for a workspace's peer among all that is locked, and may find another version than the one that provided
 * it. So a devDependency that provides a required peer becomes a dependency.
 * @throws StowageError LockfileOutdated
 */
export function withPeerProviders(lockfile: BunLockfile, scope: readonly Importer[], workspace: readonly Importer[]): readonly KeptImporter[] {
  const unmasked = importersById(workspace);
  return scope.map((importer) => {
    const record = workspaceOf(lockfile, importer);
    const { manifest } = importer;
    const providers = unmasked.get(importer.id)?.manifest.devDependencies ?? {};
    const others = [manifest.dependencies, manifest.optionalDependencies, manifest.devDependencies];
    const lost = Object.keys(manifest.peerDependencies ?? {}).filter(
      (name) => !isOptionalPeer(manifest, name) && has(providers, name) && !others.some((map) => has(map, name)),
    );
    if (lost.length === 0) return { importer, record };
    const found = lost.map((name): [string, string] => [name, providers[name] as string]);
    const entries = sortedBy([...Object.entries(manifest.dependencies ?? {}), ...found], ([name]) => name);
    return { importer: { ...importer, manifest: withMap(manifest, 'dependencies', entries) }, record };
  });
}

/** What a (masked) importer still has of the dependencies of its locked record, in bun's order. */
export function keptDependencies({ package: own, fields }: BunWorkspace, importer: Importer): readonly BunDependency[] {
  const kept = own.dependencies.filter(({ kind, name }) => kind !== 'workspace' && declares(importer, kind, name));
  const providers = own.dependencies.filter(
    ({ kind, name }) => kind === 'devDependencies' && has(importer.manifest.dependencies, name) && !objectAt(fields, 'dependencies').has(name),
  );
  if (providers.length === 0) return kept;
  const dependencies = sortedBy([...kept.filter(({ kind }) => kind === 'dependencies'), ...providers], ({ name }) => name);
  const isBefore = ({ kind }: BunDependency) => kind === 'devDependencies' || kind === 'optionalDependencies';
  return [...kept.filter(isBefore), ...dependencies, ...kept.filter(({ kind }) => kind === 'peerDependencies')];
}

/** The record of a masked importer: what went from the manifest goes from it too, and the version is the manifest's. */
export function narrowRecord(record: BunWorkspace, importer: Importer): JsonObject {
  const fields = withProviders(record.fields, importer);
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
  const narrowed = [...withProviders(info, importer)].map(([field, value]) => [field, narrowField(field, value, importer)] as const);
  return new Map(narrowed.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
}

/** With the devDependencies that became dependencies, where bun prints them. */
function withProviders(fields: JsonObject, importer: Importer): JsonObject {
  const [locked, dev] = [objectAt(fields, 'dependencies'), objectAt(fields, 'devDependencies')];
  const providers = [...dev].filter(([name]) => has(importer.manifest.dependencies, name) && !locked.has(name));
  if (providers.length === 0) return fields;
  const dependencies = new Map([...locked, ...providers].sort(([a], [b]) => byCodeUnit(a, b)));
  const others = [...fields].filter(([field]) => field !== 'dependencies');
  const at = others.findIndex(([field]) => field === 'devDependencies');
  return new Map<string, Json>([...others.slice(0, at), ['dependencies', dependencies], ...others.slice(at)]);
}

function has(map: Readonly<Record<string, string>> | undefined, name: string): boolean {
  return map !== undefined && Object.hasOwn(map, name);
}

/** From 1.4 on, bun reads a name that `peerDependenciesMeta` alone has as a peer of any version. */
function declares({ manifest }: Importer, kind: DependencyKind, name: string): boolean {
  return has(manifest[kind], name) || (kind === 'peerDependencies' && Object.hasOwn(manifest.peerDependenciesMeta ?? {}, name));
}

function versionText(locked: Json | undefined, version: string | undefined): string | undefined {
  const wanted = semver.valid(version);
  if (wanted === null) return undefined;
  return typeof locked === 'string' && semver.valid(locked) === wanted ? locked : wanted;
}

function narrowField(field: string, value: Json, importer: Importer): Json | undefined {
  const isMap = DEPENDENCY_KINDS.find((kind) => kind === field);
  if (isMap !== undefined && value instanceof Map) {
    const kept = new Map([...(value as JsonObject)].filter(([name]) => declares(importer, isMap, name)));
    return kept.size === 0 ? undefined : kept;
  }
  if (field !== 'optionalPeers') return value;
  const kept = stringsAt(new Map([[field, value]]), field).filter((name) => declares(importer, 'peerDependencies', name));
  return kept.length === 0 ? undefined : kept;
}
