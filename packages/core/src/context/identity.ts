import { createHash } from 'node:crypto';
import type { Files, PlannedFile } from '../model.ts';
import { perObject } from '../per-object.ts';
import { blobIdOf } from '../read/blob-id.ts';

/**
 * Identity of a folder: SHA-256, in hex, over mode, content and path of each file (contents by git's blob id, so that a file of a
 * commit need not be read), and over further texts such as the rendered stages. The files are given sorted.
 */
export function identityOf(files: readonly PlannedFile[], texts: readonly string[], source: Files): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.mode} ${'text' in file ? idOfText(file) : source.blobId(file.copyFrom)} ${file.path}\0`);
  for (const text of texts) hash.update(`\0${text}\0`);
  return hash.digest('hex');
}

/** A manifest is one file for all installs that have it. */
const idOfText = perObject(({ text }: { readonly text: string }) => blobIdOf(text));
