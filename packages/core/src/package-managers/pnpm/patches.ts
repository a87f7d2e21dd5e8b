import { ErrorCode, StowageError } from '../../errors.ts';
import type { Files, PlannedFile } from '../../model.ts';
import { copyOf } from '../planned-files.ts';
import { lineOfEntry } from './graph.ts';
import type { PnpmLockfile } from './lockfile.ts';
import type { ReachedPackages } from './reach.ts';

/**
 * Keys of `patchedDependencies` whose hash a kept package carries, be it only as a peer of it.
 * @throws StowageError LockfileInconsistent for a hash that no patch has: pnpm 9 and 10 install such a package unpatched and say nothing.
 */
export function usedPatches(lockfile: PnpmLockfile, packages: ReachedPackages): Set<string> {
  const patched = lockfile.document.patchedDependencies ?? {};
  if (lockfile.layout === '5.4') return usedPatches54(patched, packages);
  const known = new Set(Object.values(patched).map(hashOf));
  const hashes = new Set<string>();
  for (const { key } of packages.keys()) {
    for (const [, hash = ''] of key.matchAll(/\(patch_hash=([^()]+)\)/g)) {
      if (!known.has(hash)) throw unknownPatch(lockfile, key, hash);
      hashes.add(hash);
    }
  }
  return new Set(Object.keys(patched).filter((key) => hashes.has(hashOf(patched[key]))));
}

function unknownPatch(lockfile: PnpmLockfile, key: string, hash: string): StowageError {
  return new StowageError(ErrorCode.LockfileInconsistent, `${lockfile.path}: ${key} is patched, and no patchedDependencies has the hash ${hash}`, {
    where: { file: lockfile.path, line: lineOfEntry(lockfile, key), key },
    hint: 'Run `pnpm install` and commit the lockfile.',
  });
}

/** A key of 5.4 may have its hash and peers hashed together; the entry says that it is patched, by the patch of its name and version. */
function usedPatches54(patched: Readonly<Record<string, unknown>>, packages: ReachedPackages): Set<string> {
  const nodes = [...packages.keys()].filter(({ base }) => base.patched === 'true');
  const patches = new Set(nodes.flatMap(({ name, label }) => [name, label]));
  return new Set(Object.keys(patched).filter((key) => patches.has(key)));
}

/** A patch as pnpm 7 to 10 write it (`{hash, path}`) or as pnpm 11 does (the hash alone). */
export function hashOf(patch: string | { readonly hash: string } | undefined): string {
  return typeof patch === 'string' ? patch : (patch?.hash ?? '');
}

/** @throws StowageError MissingFile: every pnpm reads all declared patches before it installs. */
export function planPatches(configured: Readonly<Record<string, unknown>>, used: ReadonlySet<string>, files: Files): PlannedFile[] {
  return Object.entries(configured)
    .filter(([key]) => used.has(key))
    .map(([key, value]) => {
      const path = String(value).replace(/^\.\//, '');
      const entry = files.get(path);
      if (!entry) {
        throw new StowageError(ErrorCode.MissingFile, `The patch of ${key} is not there: ${path}`, {
          where: { file: path, key: `patchedDependencies.${key}` },
          hint: `Commit the file, or run \`pnpm patch-remove ${key}\`.`,
        });
      }
      return copyOf(entry);
    });
}
