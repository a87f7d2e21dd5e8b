import { type ParseError, parse as parseJsonc } from 'jsonc-parser';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { TextFile } from '../../model.ts';
import { perObject } from '../../per-object.ts';
import { lineOf, withoutByteOrderMark } from '../../text.ts';
import { type JsonMember, type JsonObjectText, printObject, readObject, withValue } from './json-text.ts';

type Specifiers = Readonly<Record<string, string>>;

/** One entry of `packages`: a package, a folder of the repository, or a link to one. */
export interface LockEntry {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly dependencies?: Specifiers;
  readonly devDependencies?: Specifiers;
  readonly optionalDependencies?: Specifiers;
  readonly peerDependencies?: Specifiers;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly bundleDependencies?: boolean | readonly string[];
  readonly patched?: { readonly path: string };
  readonly [field: string]: unknown;
}

/** A node of the tree that lockfileVersion 2 keeps for npm 6, beside `packages`. */
export interface LegacyEntry {
  readonly requires?: boolean | Specifiers;
  readonly dependencies?: Readonly<Record<string, LegacyEntry>>;
  readonly [field: string]: unknown;
}

export interface NpmLockfile {
  readonly path: string;
  readonly text: string;
  readonly version: 2 | 3 | 4;
  /** Entries by location (`node_modules/a/node_modules/b`, `packages/x`, `` for the root), in the file's order. */
  readonly entries: ReadonlyMap<string, LockEntry>;
  readonly legacy: Readonly<Record<string, LegacyEntry>> | undefined;
}

/** What a pruned lockfile says otherwise than the one it was made from. */
export interface LockfileChange {
  /** Locations of the entries that stay. */
  readonly kept: ReadonlySet<string>;
  /** Those of them that say something else now. */
  readonly entries: ReadonlyMap<string, LockEntry>;
  /** The root's version, which stands at the top too. */
  readonly version: string | undefined;
  readonly legacy: Readonly<Record<string, LegacyEntry>> | undefined;
}

/**
 * Reads a `package-lock.json` or `npm-shrinkwrap.json`.
 * @throws StowageError LockfileConflict, LockfileSyntax, LockfileVersion
 */
export function parseLockfile(lockfile: TextFile): NpmLockfile {
  const data = parseJson(lockfile);
  const version = data.lockfileVersion;
  if (version !== 2 && version !== 3 && version !== 4) throw unknownVersion(lockfile, version);
  if (!isObject(data.packages)) throw syntaxError(lockfile, 'has no "packages"', undefined);
  const stranger = Object.entries(data.packages).find(([, entry]) => !isObject(entry));
  if (stranger !== undefined) throw syntaxError(lockfile, `has an entry that is no object: ${stranger[0]}`, undefined);
  return {
    ...lockfile,
    version,
    entries: new Map(Object.entries(data.packages as Record<string, LockEntry>)),
    legacy: version === 2 ? (data.dependencies as NpmLockfile['legacy']) : undefined,
  };
}

/** The lockfile after a change; what does not change stays byte for byte. */
export function printLockfile(lockfile: NpmLockfile, change: LockfileChange): string {
  const { open, document, packages } = membersOf(lockfile);
  const newline = lockfile.text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /\n([ \t]+)/.exec(document.members[0]?.text ?? '')?.[1] ?? '';
  const print = (value: unknown, depth: number) => JSON.stringify(value, null, indent).replaceAll('\n', newline + indent.repeat(depth));
  const members = document.members.flatMap((member): string[] => {
    if (member.key === 'packages')
      return [
        withValue(
          member,
          printPackages(lockfile, packages, change, (entry) => print(entry, 2)),
        ),
      ];
    if (member.key === 'version') return change.version === undefined ? [] : [withValue(member, JSON.stringify(change.version))];
    if (member.key !== 'dependencies' || lockfile.legacy === undefined) return [member.text];
    if (change.legacy === undefined) return [];
    return JSON.stringify(change.legacy) === JSON.stringify(lockfile.legacy) ? [member.text] : [withValue(member, print(change.legacy, 1))];
  });
  const end =
    open +
    printObject(
      document.members.map(({ text }) => text),
      document.tail,
    ).length;
  return lockfile.text.slice(0, open) + printObject(members, document.tail) + lockfile.text.slice(end);
}

/** The texts that a lockfile is made of. */
const membersOf = perObject(({ text }: NpmLockfile) => {
  const open = text.indexOf('{');
  const document = readObject(text, open);
  const packages = document.members.find(({ key }) => key === 'packages') as JsonMember;
  return { open, document, packages: readObject(text, text.indexOf('{', packages.offset)) };
});

/** By location, the 1-based line on which its entry begins. */
export const entryLines = perObject((lockfile: NpmLockfile): ReadonlyMap<string, number> => {
  const { text } = lockfile;
  const lines = new Map<string, number>();
  let [line, counted] = [1, 0];
  for (const { key, offset } of membersOf(lockfile).packages.members) {
    for (let at = text.indexOf('\n', counted); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
    counted = offset;
    lines.set(key, line);
  }
  return lines;
});

function printPackages(lockfile: NpmLockfile, packages: JsonObjectText, change: LockfileChange, print: (entry: LockEntry) => string): string {
  if (packages.members.length > lockfile.entries.size) throw duplicateEntry(lockfile, packages.members);
  const members = packages.members.flatMap((entry): string[] => {
    if (!change.kept.has(entry.key)) return [];
    const changed = change.entries.get(entry.key);
    const same = changed === undefined || JSON.stringify(changed) === JSON.stringify(lockfile.entries.get(entry.key));
    return [same ? entry.text : withValue(entry, print(changed))];
  });
  return printObject(members, packages.tail);
}

/** Of two entries with one key npm reads the last. */
function duplicateEntry(lockfile: NpmLockfile, members: readonly JsonMember[]): StowageError {
  const keys = new Set(lockfile.entries.keys());
  const key = members.find((member) => !keys.delete(member.key))?.key ?? '';
  return syntaxError(lockfile, `has ${key} twice`, lockfile.text.lastIndexOf(`${JSON.stringify(key)}:`));
}

function parseJson(lockfile: TextFile): Record<string, unknown> {
  const marker = /^<{7} /m.exec(lockfile.text);
  if (marker) {
    throw new StowageError(ErrorCode.LockfileConflict, `${lockfile.path} has merge conflict markers.`, {
      where: { file: lockfile.path, line: lineOf(lockfile.text, marker.index) },
      hint: 'Resolve the conflict in the package.json files, then run npm install, which mends the lockfile.',
    });
  }
  let data: unknown;
  try {
    data = JSON.parse(withoutByteOrderMark(lockfile.text));
  } catch {
    const errors: ParseError[] = [];
    parseJsonc(lockfile.text, errors, { disallowComments: true });
    throw syntaxError(lockfile, 'is no valid JSON', errors[0]?.offset);
  }
  if (!isObject(data)) throw syntaxError(lockfile, 'is no JSON object', undefined);
  return data;
}

function syntaxError(lockfile: TextFile, problem: string, offset: number | undefined): StowageError {
  return new StowageError(ErrorCode.LockfileSyntax, `${lockfile.path} ${problem}.`, {
    where: { file: lockfile.path, ...(offset === undefined ? {} : { line: lineOf(lockfile.text, offset) }) },
    hint: 'Take the file from the last commit where npm ci worked, then run npm install.',
  });
}

function unknownVersion(lockfile: TextFile, version: unknown): StowageError {
  const at = lockfile.text.indexOf('"lockfileVersion"');
  const old = version === 1 || version === undefined;
  return new StowageError(ErrorCode.LockfileVersion, `${lockfile.path} has lockfileVersion ${String(version)}; known are 2, 3 and 4.`, {
    where: { file: lockfile.path, ...(at < 0 ? {} : { line: lineOf(lockfile.text, at) }), key: 'lockfileVersion' },
    hint: old
      ? 'It was written by npm 6 or older, which knows no workspaces. Run npm install --package-lock-only --lockfile-version 3 and commit the result.'
      : 'A newer npm wrote it: update Stowage, or delete it and run `npx npm@12.2.0 install --package-lock-only`.',
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
