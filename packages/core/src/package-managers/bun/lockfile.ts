import { valid } from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { DependencyKind, TextFile } from '../../model.ts';
import { lineOf, withoutByteOrderMark } from '../../text.ts';
import { type Json, type JsonObject, type Member, nestedMembers, objectAt, parseMembers, stringsAt } from './text.ts';

/** A dependency as bun.lock lists it, in the order in which bun's hoister takes them. */
export interface BunDependency {
  readonly kind: DependencyKind | 'workspace';
  readonly name: string;
  readonly specifier: string;
  /** Nobody has to provide it. */
  readonly optionalPeer: boolean;
  /** It comes in the tarball of the package that depends on it. */
  readonly bundled: boolean;
}

/** The root, a workspace package, or a package from elsewhere: what may lie at one place of the tree. */
export interface BunPackage {
  /** `name@version`, `name@workspace:path`, `name@file:path`, ...: the first item of its tuple. */
  readonly id: string;
  readonly name: string;
  /** What follows `name@`. */
  readonly resolution: string;
  readonly dependencies: readonly BunDependency[];
}

/** One line of `packages`. */
export interface BunEntry {
  readonly key: string;
  readonly package: BunPackage;
  readonly bundled: boolean;
  /** The tuple as bun wrote it. */
  readonly text: string;
  /** The object in it: dependencies, platforms, programs. */
  readonly info: JsonObject | undefined;
  /** Of a package of a registry; empty where bun knew none. */
  readonly integrity: string | undefined;
  readonly line: number;
}

export interface BunWorkspace {
  /** Relative to the root, `.` for the root itself. */
  readonly id: string;
  readonly name: string;
  readonly fields: JsonObject;
  readonly package: BunPackage;
  readonly line: number;
}

export interface BunLockfile {
  readonly path: string;
  readonly newline: string;
  readonly version: number;
  /** In the file's order. */
  readonly sections: readonly Member[];
  readonly workspaces: ReadonlyMap<string, BunWorkspace>;
  readonly entries: ReadonlyMap<string, BunEntry>;
  /** Ranges by name, by catalog; the unnamed catalog is `''`. */
  readonly catalogs: ReadonlyMap<string, JsonObject>;
}

/** Bun's order: a name in several groups is taken from the first (src/install/dependency.zig, Behavior.cmp). */
const GROUPS = ['devDependencies', 'optionalDependencies', 'dependencies', 'peerDependencies'] as const satisfies readonly DependencyKind[];

/**
 * Reads the text lockfile of bun, versions 0 to 3.
 * Format: src/install/lockfile/bun.lock.rs of bun.
 * @throws StowageError LockfileConflict, LockfileVersion, LockfileSyntax with the line.
 */
export function parseBunLockfile(file: TextFile): BunLockfile {
  const newline = file.text.includes('\r\n') ? '\r\n' : '\n';
  const source = { path: file.path, text: withoutByteOrderMark(file.text).replaceAll('\r\n', '\n') };
  assertReadable(source);
  const sections = parseMembers(source);
  const section = (name: string) => sections.find(({ key }) => key === name);
  const version = assertVersion(source.path, section('lockfileVersion'));
  const workspaces = parseWorkspaces(source.path, section('workspaces'));
  const catalogs = new Map<string, JsonObject>([['', objectOf(section('catalog')?.value)]]);
  for (const [name, ranges] of objectOf(section('catalogs')?.value)) catalogs.set(name, objectOf(ranges));
  const entries = parseEntries(source.path, section('packages'), workspaces);
  return { path: source.path, newline, version, sections, workspaces, entries, catalogs };
}

function assertReadable({ path, text }: TextFile): void {
  const conflict = /^(?:<{7}|={7}|>{7})(?: |$)/m.exec(text);
  if (conflict !== null) {
    throw new StowageError(ErrorCode.LockfileConflict, `${path} holds the markers of an unresolved merge.`, {
      where: { file: path, line: lineOf(text, conflict.index) },
      hint: 'Take one side of bun.lock, run `bun install` and commit it.',
    });
  }
  if (!path.endsWith('.lockb')) return;
  throw new StowageError(ErrorCode.LockfileVersion, `${path} is bun's old binary lockfile, which nothing but bun can read.`, {
    where: { file: path },
    hint: 'Run `bun install --save-text-lockfile --frozen-lockfile --lockfile-only` with bun 1.2 or later, and commit bun.lock.',
  });
}

function assertVersion(path: string, member: Member | undefined): number {
  const version = member?.value;
  if (typeof version === 'number' && version >= 0 && version <= 3) return version;
  throw new StowageError(ErrorCode.LockfileVersion, `${path} is of version ${member?.text ?? 'none'}; versions 0 to 3 are known.`, {
    where: { file: path, line: member?.line ?? 1 },
    hint: 'Upgrade Stowage, or write the lockfile with bun 1.4: delete it and run `npx bun@1.4.5 install`.',
  });
}

function parseWorkspaces(path: string, section: Member | undefined): Map<string, BunWorkspace> {
  const workspaces = new Map<string, BunWorkspace>();
  for (const { key, value, line } of section === undefined ? [] : nestedMembers(section)) {
    const id = key === '' ? '.' : key;
    if (workspaces.has(id)) throw duplicate(path, key, line);
    const fields = objectOf(value);
    const name = String(fields.get('name') ?? '');
    const resolution = key === '' ? 'root:' : `workspace:${key}`;
    workspaces.set(id, {
      id,
      name,
      fields,
      line,
      package: { id: `${name}@${resolution}`, name, resolution, dependencies: dependenciesOf(fields, () => false) },
    });
  }
  if (workspaces.has('.')) return workspaces;
  throw new StowageError(ErrorCode.LockfileSyntax, `${path} lists no root package.`, {
    where: { file: path },
    hint: 'Run `bun install` and commit bun.lock.',
  });
}

function parseEntries(path: string, section: Member | undefined, workspaces: ReadonlyMap<string, BunWorkspace>): Map<string, BunEntry> {
  const members = section === undefined ? [] : nestedMembers(section);
  const infoOf = ({ value }: Member) => (value as readonly Json[]).find((item) => item instanceof Map) as JsonObject | undefined;
  const bundled = new Set(members.filter((member) => Array.isArray(member.value) && infoOf(member)?.get('bundled') === true).map(({ key }) => key));
  const entries = new Map<string, BunEntry>();
  const packages = new Map<string, BunPackage>([...workspaces.values()].map(({ package: own }) => [own.id, own]));
  for (const member of members) {
    const { key, value, text, line } = member;
    const id = Array.isArray(value) ? (value as readonly Json[])[0] : undefined;
    if (typeof id !== 'string') throw unexpected(path, member);
    if (entries.has(key)) throw duplicate(path, key, line);
    const at = id.indexOf('@', 1);
    const split = id.startsWith('@root:') ? 0 : at;
    const isOfRegistry = split > 0 && valid(id.slice(split + 1)) !== null;
    if (split === -1 || (isOfRegistry && (value as readonly Json[]).length < 4)) throw unexpected(path, member);
    const known = packages.get(id) ?? {
      id,
      name: id.slice(0, split),
      resolution: id.slice(split + 1),
      dependencies: dependenciesOf(infoOf(member) ?? new Map(), (name) => bundled.has(`${key}/${name}`)),
    };
    packages.set(id, known);
    const integrity = isOfRegistry ? String((value as readonly Json[])[3]) : undefined;
    entries.set(key, { key, package: known, bundled: bundled.has(key), text, info: infoOf(member), integrity, line });
  }
  return entries;
}

/** Bun reads the last of them. */
function duplicate(path: string, key: string, line: number): StowageError {
  return new StowageError(ErrorCode.LockfileSyntax, `${path} has ${key === '' ? 'the root' : key} twice.`, {
    where: { file: path, line, key },
    hint: 'Delete one of the two, run `bun install` and commit bun.lock.',
  });
}

function unexpected(path: string, { key, line }: Member): StowageError {
  return new StowageError(ErrorCode.LockfileSyntax, `${path} has an entry of a shape that no known bun writes: ${key}.`, {
    where: { file: path, line, key },
    hint: 'Restore the file from git, or delete it and run `bun install`.',
  });
}

function dependenciesOf(fields: JsonObject, isBundled: (name: string) => boolean): BunDependency[] {
  const optionalPeers = new Set(stringsAt(fields, 'optionalPeers'));
  return GROUPS.flatMap((kind) =>
    [...objectAt(fields, kind)].map(([name, specifier]) => ({
      kind,
      name,
      specifier: String(specifier),
      optionalPeer: kind === 'peerDependencies' && optionalPeers.has(name),
      bundled: isBundled(name),
    })),
  );
}

function objectOf(value: Json | undefined): JsonObject {
  return value instanceof Map ? (value as JsonObject) : new Map();
}
