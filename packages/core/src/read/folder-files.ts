import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry, Files } from '../model.ts';
import { sortedBy } from '../order.ts';
import { blobIdOf } from './blob-id.ts';
import { type ListedFile, listGit } from './list-git.ts';
import { listPlain } from './list-plain.ts';

/** The files of a folder, contents read when asked for. Git's list where there is git, else every file that is not ignored. */
export async function readFolderFiles(folder: string): Promise<Files> {
  const listed = (await listGit(folder)) ?? (await listPlain(folder));
  return new FolderFiles(
    folder,
    sortedBy(
      listed.filter(({ path }) => !path.split('/').includes('node_modules')),
      ({ path }) => path,
    ),
  );
}

class FolderFiles implements Files {
  readonly list: readonly FileEntry[];
  readonly #folder: string;
  readonly #byPath: ReadonlyMap<string, ListedFile>;
  readonly #texts = new Map<string, string>();
  readonly #ids = new Map<string, string>();

  constructor(folder: string, list: readonly ListedFile[]) {
    this.list = list;
    this.#folder = folder;
    this.#byPath = new Map(list.map((file) => [file.path, file]));
  }

  get(path: string): FileEntry | undefined {
    return this.#byPath.get(path);
  }

  read(path: string): string | undefined {
    const known = this.#texts.get(path);
    if (known !== undefined) return known;
    const bytes = this.readBytes(path);
    if (bytes === undefined) return undefined;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    this.#texts.set(path, text);
    return text;
  }

  readBytes(path: string): Uint8Array | undefined {
    const entry = this.#byPath.get(path);
    if (entry === undefined) return undefined;
    const absolute = join(this.#folder, path);
    return entry.mode === '120000' ? Buffer.from(readlinkSync(absolute)) : readFileSync(absolute);
  }

  blobId(path: string): string {
    const known = this.#ids.get(path) ?? this.#byPath.get(path)?.blobId;
    if (known !== undefined) return known;
    const bytes = this.readBytes(path);
    if (bytes === undefined) throw new Error(`${path} is not in the list of files`);
    const id = blobIdOf(bytes);
    this.#ids.set(path, id);
    return id;
  }
}
