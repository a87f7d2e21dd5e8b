import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../model.ts';
import { listGit } from './list-git.ts';
import { listPlain } from './list-plain.ts';
import { ListedFiles } from './listed-files.ts';

/** The files of a folder, contents read when asked for. Git's list where there is git, else every file that is not ignored. */
export async function readFolderFiles(folder: string): Promise<Files> {
  return new ListedFiles((await listGit(folder)) ?? (await listPlain(folder)), ({ path, mode }) => {
    const absolute = join(folder, path);
    return mode === '120000' ? Buffer.from(readlinkSync(absolute)) : readFileSync(absolute);
  });
}
