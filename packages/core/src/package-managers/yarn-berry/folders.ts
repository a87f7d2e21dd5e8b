import { posix } from 'node:path';
import { parseDescriptor, parseFolderRange } from './descriptor.ts';

/** A folder (or an archive) on disk that a dependency names. */
export interface LocalTarget {
  readonly protocol: string;
  /** Relative to the root; begins with `../` where it lies outside. */
  readonly path: string;
}

/** What a bound `portal:`, `link:` or `file:` range (or reference) leads to; undefined for any other, and for one inside a package of the registry. */
export function localTargetOf(range: string): LocalTarget | undefined {
  const folder = parseFolderRange(range);
  if (folder?.parent === undefined) return undefined;
  const base = baseOf(folder.parent);
  return base === undefined ? undefined : { protocol: folder.protocol, path: posix.normalize(posix.join(base, folder.path)).replace(/\/$/, '') };
}

/** The folder of the package that a relative path starts from. */
export function baseOf(locator: string): string | undefined {
  const reference = parseDescriptor(locator)?.range ?? '';
  return reference.startsWith('workspace:') ? reference.slice('workspace:'.length) : localTargetOf(reference)?.path;
}
