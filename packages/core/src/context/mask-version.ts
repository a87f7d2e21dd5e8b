import { minVersion, rcompare, satisfies } from 'semver';
import type { Importer } from '../model.ts';
import type { PackageManagerAdapter } from '../package-managers/adapter.ts';

/**
 * The version a masked manifest carries, so that a release of a workspace package re-runs no install: `0.0.0` where no dependent's
 * range looks at it, else the lowest version that satisfies every range, else the true one. None where the manifest has none.
 * `specifiers` are what the install's dependents of this importer ask for.
 */
export function maskVersion(
  importer: Importer,
  specifiers: readonly string[],
  versionRange: PackageManagerAdapter['versionRange'],
): string | undefined {
  const { version } = importer.manifest;
  if (version === undefined) return undefined;
  // the range stands in the settings, and only the package manager looks there
  if (specifiers.some((specifier) => specifier.startsWith('catalog:'))) return version;
  const ranges = specifiers.map(versionRange).filter((range) => range !== undefined);
  if (ranges.length === 0) return '0.0.0';
  const lowest = ranges
    .map(lowestOf)
    .filter((candidate) => candidate !== undefined)
    .sort(rcompare)[0];
  return lowest !== undefined && ranges.every((range) => satisfies(lowest, range)) ? lowest : version;
}

function lowestOf(range: string): string | undefined {
  try {
    return minVersion(range)?.version;
  } catch {
    return undefined; // a tag or a URL: no range that a version could satisfy
  }
}
