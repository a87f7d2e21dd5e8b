import { createHash } from 'node:crypto';

/** Git's id of a blob: SHA-1 over `blob <bytes>\0` and the content (git's object format). */
export function blobIdOf(content: Uint8Array | string): string {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
