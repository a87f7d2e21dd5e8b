import semver from 'semver';

/**
 * Yarn 1 and bun decide between a workspace package and the registry by the workspace's version, whoever asks for it, packages of
 * the registry too. The masked version where it decides as the real one does for each of the ranges, else the real one.
 */
export function tellingVersion(masked: string | undefined, real: string, ranges: Iterable<string>): string {
  if (masked === undefined) return real;
  const satisfies = (version: string, range: string) => semver.satisfies(version, range, { loose: true });
  for (const range of ranges) if (satisfies(masked, range) !== satisfies(real, range)) return real;
  return masked;
}
