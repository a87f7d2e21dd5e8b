import { satisfies } from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import { lineOfEntry, REPAIR } from './graph.ts';
import type { LockedNode } from './locked-node.ts';
import type { PnpmLockfile } from './lockfile.ts';
import type { ReachedPackages } from './reach.ts';

/**
 * What no frozen install of every pnpm tells of a package: that nothing says what it holds, and (pnpm 9 and 10) that a patch is meant for it which
 * it goes without.
 * @throws StowageError LockfileInconsistent naming the entry
 */
export function checkPackages(lockfile: PnpmLockfile, packages: ReachedPackages): void {
  const patched = Object.keys(lockfile.document.patchedDependencies ?? {});
  for (const node of packages.keys()) {
    if (Object.keys(node.base.resolution ?? {}).length === 0) throw fault(lockfile, node, 'has no integrity');
    if (isPatched(node)) continue;
    const patch = patched.find((key) => isMeantFor(key, node));
    if (patch !== undefined) throw fault(lockfile, node, `goes without the patch of ${patch}`);
  }
}

/** What is copied or unpacked from the repository has no version of a registry that a patch is for. */
function isPatched({ key, base, folder, tarball }: LockedNode): boolean {
  return key.includes('(patch_hash=') || base.patched === 'true' || folder !== undefined || tarball !== undefined;
}

/** A key of `patchedDependencies` may end in a version, in a range, or be a name alone. */
function isMeantFor(key: string, { name, version }: LockedNode): boolean {
  const at = key.indexOf('@', 1);
  if (name !== (at < 0 ? key : key.slice(0, at))) return false;
  return at < 0 || key.slice(at + 1) === version || satisfies(version, key.slice(at + 1));
}

function fault(lockfile: PnpmLockfile, { key }: LockedNode, what: string): StowageError {
  return new StowageError(ErrorCode.LockfileInconsistent, `${lockfile.path}: ${key} ${what}`, {
    where: { file: lockfile.path, line: lineOfEntry(lockfile, key), key },
    hint: REPAIR,
  });
}
