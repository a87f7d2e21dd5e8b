import { satisfies, valid, validRange } from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Diagnostic } from '../../model.ts';
import { parseDescriptor } from './descriptor.ts';
import type { BerryLockfile, LockEntry } from './lockfile.ts';
import type { Reached } from './reach.ts';

/**
 * What `--immutable` does not look at, as yarn compares the text of the lockfile before it fetches anything: whether an entry's parts agree.
 * @throws StowageError LockfileInconsistent naming the entry
 */
export function checkEntries(lockfile: BerryLockfile, { descriptors }: Pick<Reached, 'descriptors'>): Diagnostic[] {
  const hasChecksums = lockfile.entries.some(({ checksum }) => checksum !== undefined);
  for (const entry of descriptors.keys()) {
    const { resolution, version } = entry;
    const locked = valid(/@npm:([^:]+)(?:::.*)?$/.exec(resolution)?.[1]);
    if (hasChecksums && lacksChecksum(entry)) throw fault(lockfile, entry, `no checksum for ${resolution}`);
    if (locked !== null && locked !== valid(version)) throw fault(lockfile, entry, `version ${version} for ${resolution}`);
  }
  return [...descriptors].flatMap(([entry, asked]) =>
    [...asked].flatMap((descriptor) => (isInRange(entry, descriptor) ? [] : [unfit(lockfile, entry, descriptor)])),
  );
}

/** Packages for other platforms, which yarn never fetched, have none; without one a package is installed whatever it holds. */
function lacksChecksum({ checksum, isConditional, resolution }: LockEntry): boolean {
  return checksum === undefined && !isConditional && /^(?:@[^/]+\/)?[^/@]+@(?:npm|patch):/.test(resolution);
}

function isInRange({ version }: LockEntry, descriptor: string): boolean {
  const { range = '' } = parseDescriptor(descriptor) ?? {};
  const wanted = range.startsWith('npm:') ? range.slice('npm:'.length) : '';
  return validRange(wanted) === null || satisfies(version, wanted, { includePrerelease: true });
}

/** `yarn set resolution` does this on purpose. */
function unfit({ path }: BerryLockfile, { line, version }: LockEntry, descriptor: string): Diagnostic {
  return {
    level: 'warning',
    code: 'yarn-version-mismatch',
    message: `${path} resolves "${descriptor}" to ${version}, which is not in its range.`,
    file: path,
    line,
    hint: 'Was it `yarn set resolution`? Else delete the entry, run `yarn install` and commit the lockfile.',
  };
}

function fault({ path }: BerryLockfile, { resolution, line }: LockEntry, what: string): StowageError {
  return new StowageError(ErrorCode.LockfileInconsistent, `${path} has ${what}.`, {
    where: { file: path, line, key: resolution },
    hint: `Run \`yarn install\` and commit ${path}.`,
  });
}
