import type { FileEntry, Files } from '../model.ts';
import { sortedBy } from '../order.ts';
import { blobIdOf } from './blob-id.ts';

export interface ListedFile extends FileEntry {
  /** Known only where git knows it: for a tracked file that equals the index, or one of a commit. */
  readonly blobId?: string;
}

/** `Files` over a list; contents come from `bytesOf` when asked for. What lies in a `node_modules` is left out. */
export class ListedFiles<File extends ListedFile> implements Files {
  readonly list: readonly File[];
  readonly #byPath: ReadonlyMap<string, File>;
  readonly #bytesOf: (file: File) => Uint8Array;
  readonly #texts = new Map<string, string>();
  readonly #ids = new Map<string, string>();

  constructor(listed: readonly File[], bytesOf: (file: File) => Uint8Array) {
    this.list = sortedBy(
      listed.filter(({ path }) => !`/${path}`.includes('/node_modules/')),
      ({ path }) => path,
    );
    this.#byPath = new Map(this.list.map((file) => [file.path, file]));
    this.#bytesOf = bytesOf;
  }

  get(path: string): File | undefined {
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
    const file = this.#byPath.get(path);
    return file === undefined ? undefined : this.#bytesOf(file);
  }

  blobId(path: string): string {
    const known = this.#byPath.get(path)?.blobId ?? this.#ids.get(path);
    if (known !== undefined) return known;
    const bytes = this.readBytes(path);
    if (bytes === undefined) throw new Error(`${path} is not in the list of files`);
    const id = blobIdOf(bytes);
    this.#ids.set(path, id);
    return id;
  }
}
