import { execFile } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FileEntry, FileMode } from '../model.ts';

export interface ListedFile extends FileEntry {
  /** Known only for a tracked file that equals the index. */
  readonly blobId?: string;
}

const run = promisify(execFile);

/**
 * The files of a folder as git sees them: tracked ones that still exist, and new ones that no ignore file names.
 * Undefined where there is no git, the folder is no checkout, or the folder is itself ignored. Submodules are followed.
 */
export async function listGit(folder: string): Promise<ListedFile[] | undefined> {
  const [staged, changed, deleted, others] = await Promise.all([
    git(folder, 'ls-files', '-z', '--stage'),
    git(folder, 'ls-files', '-z', '--modified'),
    git(folder, 'ls-files', '-z', '--deleted'),
    git(folder, 'ls-files', '-z', '--others', '--exclude-standard'),
  ]);
  if (staged === undefined || changed === undefined || deleted === undefined || others === undefined) return undefined;
  const gone = new Set(deleted);
  const touched = new Set(changed);
  const files: ListedFile[] = [];
  const submodules: string[] = [];
  const seen = new Set<string>();
  for (const line of staged) {
    const tab = line.indexOf('\t');
    const [mode, blobId] = line.slice(0, tab).split(' ') as [string, string];
    const path = line.slice(tab + 1);
    if (gone.has(path) || seen.has(path)) continue;
    seen.add(path);
    if (mode === '160000') submodules.push(path);
    else if (touched.has(path)) pushFromDisk(files, folder, path, true);
    else files.push({ path, mode: mode as FileMode, tracked: true, blobId });
  }
  for (const path of others) if (!path.endsWith('/')) pushFromDisk(files, folder, path, false);
  for (const path of submodules) {
    const inner = (await listGit(join(folder, path))) ?? [];
    for (const file of inner) files.push({ ...file, path: `${path}/${file.path}` });
  }
  return files.length === 0 ? undefined : files;
}

/** The mode git would record for a file on disk; nothing where it is gone or is no file. */
export function pushFromDisk(files: ListedFile[], folder: string, path: string, tracked: boolean): void {
  const stat = lstatSync(join(folder, path), { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) files.push({ path, mode: '120000', tracked });
  else if (stat?.isFile()) files.push({ path, mode: (stat.mode & 0o100) === 0 ? '100644' : '100755', tracked });
}

async function git(folder: string, ...args: string[]): Promise<string[] | undefined> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...args], { maxBuffer: 1 << 30, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' } });
    return stdout.split('\0').filter((line) => line !== '');
  } catch {
    return undefined;
  }
}
