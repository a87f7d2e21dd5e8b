import { major } from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import { lineOf } from '../../text.ts';
import type { PnpmLockfile } from './lockfile.ts';
import { hashOf } from './patches.ts';

/** Newest release of each major that is known. */
const NEWEST = { 7: '7.33.7', 8: '8.15.9', 9: '9.15.9', 10: '10.34.9', 11: '11.28.11', 12: '12.21.0' } as const;

/** Lockfiles of 9.0 look alike; checksums, patches and a second document tell the majors that wrote them apart, else it is 10. */
export function defaultVersion(lockfile: PnpmLockfile): string {
  const { document, layout, lockedPnpm } = lockfile;
  if (lockedPnpm !== undefined) return lockedPnpm;
  if (layout !== '9.0') return NEWEST[layout === '5.4' ? 7 : 8];
  if (hasEnvironment(lockfile) || hasPlainPatches(lockfile)) return NEWEST[11];
  const checksums = [document.packageExtensionsChecksum, document.pnpmfileChecksum].filter((checksum) => checksum !== undefined);
  const oldPatch = Object.values(document.patchedDependencies ?? {}).some((patch) => hashOf(patch).length === 26);
  return oldPatch || checksums.some((checksum) => !checksum.startsWith('sha256-')) ? NEWEST[9] : NEWEST[10];
}

/** @throws StowageError LockfileVersion where this pnpm would ignore or refuse the lockfile. */
export function assertAccepts(version: string, lockfile: PnpmLockfile): void {
  const { path, text, main, layout, document } = lockfile;
  const number = major(version);
  const oldest = { '5.4': 7, '6.0': 8, '9.0': hasPlainPatches(lockfile) ? 11 : hasEnvironment(lockfile) ? 10 : 9 }[layout];
  const newest = { '5.4': 7, '6.0': 9, '9.0': Number.POSITIVE_INFINITY }[layout];
  if (number >= oldest && number <= newest) return;
  throw new StowageError(
    ErrorCode.LockfileVersion,
    `pnpm ${version} does not install from this ${path} (lockfileVersion ${document.lockfileVersion})`,
    {
      where: { file: path, line: lineOf(text, text.indexOf('lockfileVersion', main)), key: 'lockfileVersion' },
      hint: `Run \`npx pnpm@${version} install --lockfile-only\` and commit the result, or set "packageManager" to "pnpm@${defaultVersion(lockfile)}".`,
    },
  );
}

/** Whether a first document locks pnpm itself or configDependencies. */
function hasEnvironment({ text, main }: PnpmLockfile): boolean {
  return text.slice(0, main).includes('---');
}

/** pnpm 11 and later write a patch as its hash alone. */
function hasPlainPatches({ document }: PnpmLockfile): boolean {
  return Object.values(document.patchedDependencies ?? {}).some((patch) => typeof patch === 'string');
}
