import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TextFile } from '@stowage/core';

/** The file of a copy that starts it. */
export const copiedProgram = 'bin.mjs';

/** The files that this program is, for a folder of any repository: modules by their ending, whatever the nearest manifest says. */
export function programFiles(): TextFile[] {
  const own = fileURLToPath(import.meta.url);
  return ['bin', 'core', 'syntax'].map((name) => {
    const text = readFileSync(join(dirname(own), name + extname(own)), 'utf8');
    return { path: `${name}.mjs`, text: text.replaceAll(/\.\/(core|syntax)\.js\b/g, './$1.mjs') };
  });
}
