import { ErrorCode, StowageError } from '../../errors.ts';
import type { Files, PlannedFile } from '../../model.ts';
import type { PnpmLockfile } from './lockfile.ts';
import type { ReachedPackages } from './reach.ts';

/** Keys of `patchedDependencies` whose hash a kept package carries, be it only as a peer of it. */
export function usedPatches(lockfile: PnpmLockfile, packages: ReachedPackages): Set<string> {
  const patched = lockfile.document.patchedDependencies;
  if (!patched) return new Set();
  if (lockfile.layout === '5.4') return usedPatches54(patched, packages);
  const hashes = new Set<string>();
  for (const { key } of packages.keys()) for (const [, hash] of key.matchAll(/\(patch_hash=([^()]+)\)/g)) if (hash !== undefined) hashes.add(hash);
  return new Set(Object.keys(patched).filter((key) => hashes.has(hashOf(patched[key]))));
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
      return { path, mode: entry.mode, copyFrom: path };
    });
}
