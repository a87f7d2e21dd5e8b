import { lt, major } from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { NpmLockfile } from './lockfile.ts';

/** Newest releases known to write each version: npm 9 to 11 leave 2 as they find it, npm 12 alone writes 4. */
const newest = { 2: '10.9.9', 3: '11.21.2', 4: '12.2.0' } as const;

export function defaultVersion(lockfile: NpmLockfile): string {
  return newest[lockfile.version];
}

/** @throws StowageError LockfileVersion */
export function assertAccepts(version: string, lockfile: NpmLockfile): void {
  const refuse = (why: string, hint: string): never => {
    throw new StowageError(ErrorCode.LockfileVersion, `npm ${version} ${why}.`, { where: { file: lockfile.path, key: 'lockfileVersion' }, hint });
  };
  if (lt(version, '7.0.0')) refuse('knows no workspaces', `Take a newer npm: "packageManager": "npm@${defaultVersion(lockfile)}".`);
  if (lockfile.version === 4 && major(version) < 12) {
    refuse('does not apply what lockfileVersion 4 records (patches, extensions)', `Take npm 12: "packageManager": "npm@${newest[4]}".`);
  }
  if (lockfile.path === 'npm-shrinkwrap.json' && major(version) >= 12) {
    refuse(
      'does not read npm-shrinkwrap.json',
      'Run git mv npm-shrinkwrap.json package-lock.json, or delete it where there is a package-lock.json too.',
    );
  }
}
