import { ErrorCode, StowageError } from '../../errors.ts';
import { lineOf } from '../../text.ts';
import { perKey } from '../per-key.ts';
import { type LockedPackage, type PnpmLockfile, sectionOf } from './lockfile.ts';
import { bodyOf, splitBlocks } from './text-blocks.ts';

/**
 * The key of the package that a dependency is locked to; undefined for a `link:`, which has no entry.
 * A plain reference is a version (with its peers), one to a package of another name, of git or of a tarball is a key itself.
 * References are opaque: none is ever rebuilt.
 * @throws StowageError LockfileInconsistent where neither is a key.
 */
export function packageKey(lockfile: PnpmLockfile, alias: string, reference: string, dependent: string): string | undefined {
  if (reference.startsWith('link:')) return undefined;
  const { snapshots } = lockfile.document;
  const byName = { '5.4': `/${alias}/${reference}`, '6.0': `/${alias}@${reference}`, '9.0': `${alias}@${reference}` }[lockfile.layout];
  if (snapshots.has(byName)) return byName;
  if (snapshots.has(reference)) return reference;
  throw missingEntry(lockfile, alias, reference, dependent);
}

/**
 * The key under `packages` of a key with peers: `a@1.0.0(b@2.0.0(c@3.0.0))` -> `a@1.0.0`.
 * @throws StowageError LockfileInconsistent where there is none; pnpm 9 to 11 would crash on it.
 */
export const baseKey = perKey((lockfile: PnpmLockfile, key: string): string => {
  const { packages } = lockfile.document;
  for (let base: string | undefined = key; base !== undefined; base = withoutLastGroup(base)) if (packages.has(base)) return base;
  throw new StowageError(ErrorCode.LockfileInconsistent, `${lockfile.path} has ${key} under snapshots, but nothing about it under packages`, {
    where: { file: lockfile.path, line: lineOfEntry(lockfile, key), key },
    hint: REPAIR,
  });
});

/** Name and version as a person knows them. */
export const nameAndVersion = perKey((lockfile: PnpmLockfile, key: string): { readonly name: string; readonly version: string } => {
  const base = baseKey(lockfile, key);
  const entry = lockfile.document.packages.get(base) as LockedPackage;
  const plain = base.startsWith('/') ? base.slice(1) : base;
  const at = lockfile.layout === '5.4' ? plain.lastIndexOf('/', endOf54(plain)) : plain.indexOf('@', 1);
  const fromKey = at > 0 && !plain.startsWith('file:') ? { name: plain.slice(0, at), version: plain.slice(at + 1) } : { name: plain, version: plain };
  return { name: entry.name ?? fromKey.name, version: entry.version ?? withoutPeers(lockfile, fromKey.version) };
});

/** A key, or a reference, without what tells variants apart: `1.0.0(a@1.0.0)(b@2.0.0)`, and in 5.4 `1.0.0_a@1.0.0+b@2.0.0`, -> `1.0.0`. */
export function withoutPeers({ layout }: PnpmLockfile, key: string): string {
  return layout === '5.4' ? key.slice(0, endOf54(key)) : withoutGroups(key);
}

/** Where the version ends in a key of 5.4: a name may have an underscore too, a version has none. */
function endOf54(key: string): number {
  return /(?<=(?:^|\/)\d+\.\d+\.\d[^_/]*)_/.exec(key)?.index ?? key.length;
}

export function labelOf(lockfile: PnpmLockfile, key: string): string {
  const { name, version } = nameAndVersion(lockfile, key);
  return `${name}@${version}`;
}

function withoutGroups(reference: string): string {
  let rest = reference;
  for (let next = withoutLastGroup(rest); next !== undefined; next = withoutLastGroup(rest)) rest = next;
  return rest;
}

function withoutLastGroup(text: string): string | undefined {
  if (!text.endsWith(')')) return undefined;
  let open = 0;
  for (let at = text.length - 1; at > 0; at--) {
    if (text[at] === ')') open++;
    else if (text[at] === '(' && --open === 0) return text.slice(0, at);
  }
  return undefined;
}

export const REPAIR = 'Run `pnpm install --lockfile-only` (pnpm 11 and later: with `--fix-lockfile`) and commit the result.';

function missingEntry(lockfile: PnpmLockfile, alias: string, reference: string, dependent: string): StowageError {
  const section = lockfile.layout === '9.0' ? 'snapshots' : 'packages';
  return new StowageError(
    ErrorCode.LockfileInconsistent,
    `${lockfile.path}: ${dependent} needs ${alias} ${reference}, which has no entry under ${section}`,
    {
      where: { file: lockfile.path, line: lineOfEntry(lockfile, dependent, alias), key: dependent },
      hint: REPAIR,
    },
  );
}

/** The line of an entry of importers, packages or snapshots, or of the dependency inside it. */
export function lineOfEntry(lockfile: PnpmLockfile, key: string, alias?: string): number {
  const { text } = lockfile;
  for (const name of ['importers', 'snapshots', 'packages']) {
    const section = sectionOf(lockfile, name);
    if (!section) continue;
    const entry = splitBlocks(text, bodyOf(text, section), section.end, 2).find((block) => block.key === key);
    if (!entry) continue;
    const inside = splitBlocks(text, bodyOf(text, entry), entry.end, 4).flatMap((map) => splitBlocks(text, bodyOf(text, map), map.end, 6));
    return lineOf(text, inside.find((block) => block.key === alias)?.keyAt ?? entry.keyAt);
  }
  return lineOf(text, lockfile.main);
}
