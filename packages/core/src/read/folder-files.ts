import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../model.ts';
import { listGit } from './list-git.ts';
import { listPlain } from './list-plain.ts';
import { type ListedFile, ListedFiles } from './listed-files.ts';

/** The files of a folder, contents read when asked for. Git's list where there is git, else every file that is not ignored. */
export async function readFolderFiles(folder: string): Promise<Files> {
  return new FolderFiles(folder, (await listGit(folder)) ?? (await listPlain(folder)));
}

class FolderFiles extends ListedFiles<ListedFile> {
  readonly #folder: string;

  constructor(folder: string, listed: readonly ListedFile[]) {
    super(listed, ({ path, mode }) => (mode === '120000' ? Buffer.from(readlinkSync(join(folder, path))) : readFileSync(join(folder, path))));
    this.#folder = folder;
  }

  locate(path: string): string {
    return join(this.#folder, path);
  }
}
