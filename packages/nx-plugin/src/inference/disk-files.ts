import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry, Files } from '@stowage/core/recognise';

/** Files of a folder as they lie on the disk, each looked at when asked for: what tells a preset is a handful of files. */
export class DiskFiles implements Files {
  readonly #folder: string;
  #list: readonly FileEntry[] | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get list(): readonly FileEntry[] {
    this.#list ??= walk(this.#folder, '').sort((a, b) => (a.path < b.path ? -1 : 1));
    return this.#list;
  }

  get(path: string): FileEntry | undefined {
    const found = lstatSync(join(this.#folder, path), { throwIfNoEntry: false });
    return found?.isFile() ? { path, mode: '100644', tracked: true } : undefined;
  }

  read(path: string): string | undefined {
    return this.get(path) === undefined ? undefined : readFileSync(join(this.#folder, path), 'utf8');
  }

  readBytes(path: string): Uint8Array | undefined {
    return this.get(path) === undefined ? undefined : readFileSync(join(this.#folder, path));
  }

  blobId(path: string): string {
    throw new Error(`${path}: recognising an app asks for no blob id`);
  }
}

function walk(folder: string, below: string): FileEntry[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry): FileEntry[] => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return /^(node_modules|dist|\..*)$/.test(entry.name) ? [] : walk(folder, path);
    return entry.isFile() ? [{ path, mode: '100644', tracked: true }] : [];
  });
}
