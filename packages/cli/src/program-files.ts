import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TextFile } from '@stowage/core';

/** The files that this program is, wherever they lie: they run without anything beside them. */
export function programFiles(): TextFile[] {
  const folder = dirname(fileURLToPath(import.meta.url));
  return ['bin.js', 'core.js', 'syntax.js'].map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}
