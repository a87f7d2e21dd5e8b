import { validRange } from 'semver';

/**
 * The range that a specifier demands of a workspace's version. Yarn takes a semver range of any protocol (`^1.0.0`, `npm:^1.0.0`,
 * `workspace:^1.0.0`) to a workspace only where its version fits; `workspace:*`, `^`, `~` and a path ask for none, and `*` is content with any.
 */
export function versionRange(specifier: string): string | undefined {
  const range = specifier.slice(specifier.indexOf(':') + 1);
  if (['*', '^', '~', ''].includes(range)) return undefined;
  return validRange(range) === null ? undefined : range;
}
