import { validRange } from 'semver';
import { type Descriptor, parseDescriptor } from './descriptor.ts';

/**
 * The range that a specifier demands of a workspace's version. Yarn takes a semver range of any protocol (`^1.0.0`, `npm:^1.0.0`,
 * `workspace:^1.0.0`), of an alias too (`npm:name@^1.0.0`), to a workspace only where its version fits; `workspace:*`, `^`, `~` and a path ask for
 * none, and `*` is content with any.
 */
export function versionRange(specifier: string): string | undefined {
  const { range } = askedWorkspace({ name: '', range: specifier });
  if (['*', '^', '~', ''].includes(range)) return undefined;
  return validRange(range) === null ? undefined : range;
}

/** What a descriptor asks for as a workspace may provide it: the name behind an alias, and the range without its protocol. */
export function askedWorkspace({ name, range }: Descriptor): Descriptor {
  const plain = range.slice(range.indexOf(':') + 1);
  const aliased = validRange(plain) === null ? parseDescriptor(plain) : undefined;
  return aliased === undefined || aliased.range === '' ? { name, range: plain } : aliased;
}
