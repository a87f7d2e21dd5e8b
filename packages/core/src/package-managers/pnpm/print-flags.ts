import type { LockedPackage, PnpmLockfile } from './lockfile.ts';
import type { Reached } from './reach.ts';
import { type Block, bodyOf, isExplicit, newlineOf, splitBlocks } from './text-blocks.ts';

/** Keys of an entry that pnpm prints behind its flags: none of these. All others come before. */
const BEFORE_FLAGS = new Set(
  (
    'resolution id name version engines cpu os libc deprecated hasBin prepare requiresBuild bundleDependencies ' +
    'peerDependencies peerDependenciesMeta dependencies optionalDependencies transitivePeerDependencies'
  ).split(' '),
);

/**
 * The entry of a package with the flags that pnpm would give it in the pruned lockfile: `optional` (only by way of optional
 * dependencies) and up to 6.0 `dev` (`true` only below devDependencies, `false` never, absent both).
 */
export function printWithFlags(lockfile: PnpmLockfile, block: Block, entry: LockedPackage, reached: Readonly<Reached>): string {
  const { text } = lockfile;
  const dev = lockfile.layout === '9.0' || (reached.dev && reached.prod) ? undefined : String(reached.dev);
  const optional = reached.required ? undefined : 'true';
  // Behind an explicit key the first value shares its line; such a key is over 1024 characters long, and its flags may stay.
  if ((entry.dev === dev && entry.optional === optional) || isExplicit(text, block, 2)) return text.slice(block.start, block.end);
  const body = bodyOf(text, block);
  const fields = splitBlocks(text, body, block.end, 4).filter((field) => field.key !== 'dev' && field.key !== 'optional');
  const firstBehind = fields.findIndex((field) => !BEFORE_FLAGS.has(field.key));
  const pieces = fields.map((field) => text.slice(field.start, field.end));
  const newline = newlineOf(text);
  const flags = [...(dev ? [`    dev: ${dev}${newline}`] : []), ...(optional ? [`    optional: true${newline}`] : [])];
  pieces.splice(firstBehind < 0 ? pieces.length : firstBehind, 0, ...flags);
  const header = text.slice(block.start, body);
  if (pieces.length === 0) return header.replace(/:(\s*)$/, ': {}$1');
  return header.replace(/: \{\}(\s*)$/, ':$1') + pieces.join('');
}
