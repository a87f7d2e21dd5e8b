import { posix } from 'node:path';
import type { Files, PlannedFile } from '../../model.ts';
import { copyOf } from '../planned-files.ts';

const DEFAULTS = ['.pnpmfile.mjs', '.pnpmfile.cjs'];
const RELATIVE_IMPORT = /(?:\brequire\s*\(\s*|\bimport\s*\(\s*|\bfrom\s+|\bimport\s+)(["'])(\.{1,2}\/[^"']+)\1/g;
const ENDINGS = ['', '.js', '.cjs', '.mjs', '.json', '/index.js', '/index.cjs'];

/** The pnpmfiles, with the files that they load by a relative path. `configured` is the value of the setting `pnpmfile`. */
export function planPnpmfiles(configured: readonly string[], files: Files): PlannedFile[] {
  const pending = [...DEFAULTS, ...configured.map((path) => posix.normalize(path))].filter((path) => files.get(path) !== undefined);
  const planned = new Map<string, PlannedFile>();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const entry = files.get(path);
    if (!entry || planned.has(path)) continue;
    planned.set(path, copyOf(entry));
    for (const [, , specifier] of (files.read(path) ?? '').matchAll(RELATIVE_IMPORT)) {
      const target = posix.join(posix.dirname(path), specifier ?? '');
      const found = ENDINGS.map((ending) => target + ending).find((candidate) => files.get(candidate) !== undefined);
      if (found !== undefined) pending.push(found);
    }
  }
  return [...planned.values()];
}
