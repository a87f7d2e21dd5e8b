import { gte, lt } from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';

/** First release that writes a `__metadata.version`, and the newest release known to write it. */
interface Format {
  readonly version: number;
  readonly since: string;
  readonly newest: string;
}

const formats: readonly Format[] = [
  { version: 6, since: '3.2.0', newest: '3.8.7' },
  { version: 8, since: '4.0.0', newest: '4.13.0' },
  { version: 9, since: '4.14.0', newest: '4.14.1' },
  { version: 10, since: '4.15.0', newest: '4.18.1' },
];

/** @throws StowageError LockfileVersion for a lockfile that no release of yarn 3.2 to 4 writes */
export function assertKnownFormat(version: number, file: string, line: number): void {
  if (formats.some((format) => format.version === version)) return;
  const newer = version > Math.max(...formats.map((format) => format.version));
  throw new StowageError(
    ErrorCode.LockfileVersion,
    `${file} has version ${version}; Stowage knows ${formats.map((format) => format.version).join(', ')}.`,
    {
      where: { file, line, key: '__metadata.version' },
      hint: newer
        ? `A newer yarn wrote it: update Stowage, or restore the lockfile and run \`yarn set version ${formats.at(-1)?.newest} && yarn install\`.`
        : 'A yarn older than 3.2 or a prerelease of 4 wrote it: `yarn set version stable && yarn install` writes a newer one.',
    },
  );
}

/** Newest release known to write this lockfile's version. */
export function newestFor(version: number): string {
  return formats.find((format) => format.version === version)?.newest ?? '';
}

/**
 * Yarn writes its own version into the lockfile, so that `--immutable` refuses every other.
 * @throws StowageError LockfileVersion
 */
export function assertWrites(yarn: string, version: number, file: string): void {
  const written = formats.filter(({ since }) => gte(yarn.replace(/-.*/, ''), since)).at(-1);
  if (written?.version === version) return;
  const tooOld = written === undefined || written.version < version;
  throw new StowageError(ErrorCode.LockfileVersion, `yarn ${yarn} does not accept ${file} of version ${version} as immutable.`, {
    where: { file, key: '__metadata.version' },
    hint: tooOld
      ? `A newer yarn wrote it: \`yarn set version ${newestFor(version)}\`, or restore the lockfile and run \`yarn install\` with ${yarn}.`
      : `Run \`yarn install\` with yarn ${yarn} and commit ${file}.`,
  });
}

/** Yarn 3 leaves bare ranges in the lockfile and names its own patches otherwise than yarn 4. */
export function isYarn3Format(version: number): boolean {
  return lt(newestFor(version), '4.0.0');
}
