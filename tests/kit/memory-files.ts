import { createHash } from 'node:crypto';
import type { FileEntry, FileMode, Files } from '../../packages/core/src/model.ts';
import { sortedBy } from '../../packages/core/src/order.ts';

/** A file's text, or more about it. The text of a link (`mode: '120000'`) is its target. */
export type MemoryFile = string | { readonly text: string; readonly mode?: FileMode; readonly tracked?: boolean };

/** `Files` over a record from path to content; what `read` was asked for is kept, in order, in `asked`. */
export function memoryFiles(record: Readonly<Record<string, MemoryFile>>): Files & { readonly asked: string[] } {
  const contents = new Map<string, string>();
  const entries = new Map<string, FileEntry>();
  for (const [path, file] of Object.entries(record)) {
    const { text, mode = '100644', tracked = true } = typeof file === 'string' ? { text: file } : file;
    contents.set(path, text);
    entries.set(path, { path, mode, tracked });
  }
  const asked: string[] = [];
  const bytes = (path: string): Uint8Array | undefined => {
    const text = contents.get(path);
    return text === undefined ? undefined : Buffer.from(text);
  };
  return {
    asked,
    list: sortedBy(entries.values(), (entry) => entry.path),
    get: (path) => entries.get(path),
    read: (path) => {
      asked.push(path);
      return contents.get(path);
    },
    readBytes: bytes,
    blobId: (path) => {
      const content = bytes(path);
      if (content === undefined) throw new Error(`no such file: ${path}`);
      return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
    },
  };
}
