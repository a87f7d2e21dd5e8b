import { stringify } from 'node:querystring';
import { validRange } from 'semver';

/** `name@range` of a dependency, or `name@reference` of a package (a locator). */
export interface Descriptor {
  readonly name: string;
  readonly range: string;
}

/** @returns undefined where the text is neither `name@range` nor a mere name (whose range is empty) */
export function parseDescriptor(text: string): Descriptor | undefined {
  const parts = /^((?:@[^/]+?\/)?[^@/]+?)(?:@(.+))?$/.exec(text);
  return parts?.[1] === undefined ? undefined : { name: parts[1], range: parts[2] ?? '' };
}

/** Whether yarn reads a range as one of its default protocol, `npm:`: a semver range or a tag. */
export function isRegistryRange(range: string): boolean {
  return !range.includes(':') && (validRange(range) !== null || /^(?!v)[a-z0-9._-]+$/i.test(range));
}

/** Adds to a range of a protocol that depends on where it is written (`file:../x`) who wrote it, as yarn does. */
export function bindRange(range: string, parent: string): string {
  if (range.includes('::')) return range;
  const path = /^(?:[a-zA-Z]:[\\/]|\.{0,2}\/)/.test(range) ? `file:${range}` : range;
  const relative = /^(?:portal|link|file|exec):/.test(path) || (path.startsWith('patch:') && parsePatch(path).paths.some(isRelativePatch));
  return relative ? `${path}::${stringify({ locator: parent })}` : path;
}

/** The wrapping of a dependency in one of yarn's own patches. */
export function builtinPatch({ name, range }: Descriptor, optional: boolean): string {
  const source = `${name}@${range}`.replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll('#', '%23');
  return `patch:${source}#${optional ? 'optional!' : '~'}builtin<compat/${name}>`;
}

export interface Patch {
  /** The descriptor of what is patched. */
  readonly source: string;
  /** The patch files: `~/from/the/root.patch`, `./from/the/parent.patch`, `builtin<compat/x>`; flags are stripped. */
  readonly paths: readonly string[];
  /** Locator of the package that relative paths start from. */
  readonly parent: string | undefined;
}

/** Takes a `patch:` range or reference apart. */
export function parsePatch(range: string): Patch {
  const [spec = '', parameters = ''] = splitOnce(range.slice('patch:'.length), '::');
  const [source = '', selector = ''] = splitOnce(spec, '#');
  return {
    source: decodeURIComponent(source),
    paths: decodeURIComponent(selector)
      .split('&')
      .filter((path) => path !== '')
      .map((path) => path.slice(path.lastIndexOf('!') + 1).replace(/^~(?!\/)/, '')),
    parent: parentOf(parameters),
  };
}

function isRelativePatch(path: string): boolean {
  return !path.startsWith('~') && !path.startsWith('/') && !path.startsWith('builtin<');
}

/** The path of a `portal:`, `link:` or `file:` range, and the locator of the package that it starts from. */
export function parseFolderRange(
  range: string,
): { readonly protocol: string; readonly path: string; readonly parent: string | undefined } | undefined {
  const protocol = /^(portal|link|file):/.exec(range)?.[1];
  if (protocol === undefined) return undefined;
  const [path = '', parameters = ''] = splitOnce(range.slice(protocol.length + 1), '::');
  return { protocol, path: decodeURIComponent(path), parent: parentOf(parameters) };
}

function parentOf(parameters: string): string | undefined {
  return new URLSearchParams(parameters).get('locator') ?? undefined;
}

function splitOnce(text: string, separator: string): [string] | [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
