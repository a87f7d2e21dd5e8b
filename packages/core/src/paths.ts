import { posix } from 'node:path';
import type { FileEntry, Files, Importer } from './model.ts';

/** Joins and normalises paths relative to the workspace root; the root itself is `.`. Undefined where the result leaves the root. */
export function joinPath(...parts: readonly string[]): string | undefined {
  const joined = posix.join(...parts).replace(/\/$/, '');
  return joined === '..' || joined.startsWith('../') || joined.startsWith('/') ? undefined : joined === '' ? '.' : joined;
}

export function parentOf(path: string): string {
  return posix.dirname(path);
}

export function isInside(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

/** The manifest of an importer. */
export function manifestPath(importerId: string): string {
  return importerId === '.' ? 'package.json' : `${importerId}/package.json`;
}

/** A path of an importer relative to its folder. */
export function withinImporter(path: string, importerId: string): string {
  return importerId === '.' ? path : path.slice(importerId.length + 1);
}

/** Tells the importer whose folder a path lies in, the innermost one; the root's `.` where no other has it. */
export function ownership(importers: readonly Importer[]): (path: string) => string {
  const ids = new Set(importers.map((importer) => importer.id));
  const known = new Map<string, string>();
  const ownerOf = (path: string): string => {
    if (path === '.' || path === '') return '.';
    if (ids.has(path)) return path;
    const parent = parentOf(path);
    let owner = known.get(parent);
    if (owner === undefined) {
      owner = ownerOf(parent);
      known.set(parent, owner);
    }
    return owner;
  };
  return ownerOf;
}

/** The files of each importer, in the order of the list. */
export function filesByImporter(files: Files, importers: readonly Importer[]): ReadonlyMap<string, readonly FileEntry[]> {
  const ownerOf = ownership(importers);
  const grouped = new Map<string, FileEntry[]>(importers.map((importer) => [importer.id, []]));
  for (const entry of files.list) grouped.get(ownerOf(entry.path))?.push(entry);
  return grouped;
}

/** The files below a folder, found by bisection; empty where there is no such folder. */
export function filesUnder(files: Files, folder: string): readonly FileEntry[] {
  if (folder === '.') return files.list;
  return files.list.slice(firstAtOrAfter(files, `${folder}/`), firstAtOrAfter(files, `${folder}0`)); // '0' follows '/'
}

export function isFolder(files: Files, path: string): boolean {
  return path === '.' || (files.list[firstAtOrAfter(files, `${path}/`)]?.path.startsWith(`${path}/`) ?? false);
}

function firstAtOrAfter(files: Files, path: string): number {
  let low = 0;
  let high = files.list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files.list[middle]?.path ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A path up to its first segment with a wildcard. */
export function fixedPart(path: string): string {
  const segments = path.split('/');
  const wild = segments.findIndex((segment) => /[*?]|\{.*,|[!+@]\(/.test(segment));
  return wild === -1 ? path : segments.slice(0, wild).join('/') || '.';
}

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.d.ts', '.js', '.jsx', '.mjs', '.cjs', '.json', '.vue', '.svelte', '.astro', '.mdx'];
/** TypeScript lets an import name the file that its compiler will write. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = { '.js': ['.ts', '.tsx'], '.jsx': ['.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'] };

/** The listed file that an import of `path` loads: itself, with an ending, or the index of a folder. */
export function moduleFile(files: Files, path: string): string | undefined {
  if (files.get(path) !== undefined) return path;
  const ending = posix.extname(path);
  const stem = path.slice(0, path.length - ending.length);
  const candidates = [
    ...(WRITTEN_AS[ending] ?? []).map((other) => stem + other),
    ...EXTENSIONS.map((extension) => path + extension),
    ...EXTENSIONS.map((extension) => (path === '.' ? `index${extension}` : `${path}/index${extension}`)),
  ];
  return candidates.find((candidate) => files.get(candidate) !== undefined);
}

/** The names that a script may have whose name is this without its ending. */
export function scriptNames(stem: string): string[] {
  return ['ts', 'mts', 'js', 'mjs', 'cjs', 'cts'].map((ending) => `${stem}.${ending}`);
}
