import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file by one rename: it is there in whole, or as it was before. */
export async function writeText(path: string, text: string): Promise<void> {
  const part = `${path}.part-${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(part, text);
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}
