import { execFile } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ErrorCode, StowageError } from '../errors.ts';
import type { FileMode } from '../model.ts';
import type { ListedFile } from './listed-files.ts';

const run = promisify(execFile);

/**
 * The files of a folder as git sees them: tracked ones that still exist, and new ones that no ignore file names.
 * Undefined where there is no git, the folder is no checkout, or the folder is itself ignored. Submodules are followed.
 * @throws StowageError ToolFailed where git refuses: without it nobody knows which files are committed
 */
export async function listGit(folder: string): Promise<ListedFile[] | undefined> {
  const lines = await listStates(folder);
  if (lines === undefined) return undefined;
  const states = { gone: new Set<string>(), changed: new Set<string>(), tracked: new Map<string, [string, string]>(), fresh: new Set<string>() };
  for (const line of lines) {
    // `<tag> <mode> <blob> <stage>\t<path>`, or `? <path>` for a new file; a path comes again for each state it is in
    const path = line.slice(line.startsWith('?') ? 2 : line.indexOf('\t') + 1);
    if (line.startsWith('?')) states.fresh.add(path);
    else if (/^[RS]/.test(line))
      states.gone.add(path); // removed, or outside a sparse checkout
    else if (line.startsWith('C')) states.changed.add(path);
    else if (!states.tracked.has(path)) states.tracked.set(path, line.slice(2).split(' ', 2) as [string, string]);
  }
  const files: ListedFile[] = [];
  for (const [path, [mode, blobId]] of states.tracked) {
    if (states.gone.has(path)) continue;
    if (mode === '160000') files.push(...(await listSubmodule(folder, path)));
    else if (states.changed.has(path)) pushFromDisk(files, folder, path, true);
    else files.push({ path, mode: mode as FileMode, tracked: true, blobId });
  }
  for (const path of states.fresh) if (!path.endsWith('/')) pushFromDisk(files, folder, path, false);
  return files.length === 0 ? undefined : files;
}

/** The mode git would record for a file on disk; nothing where it is gone or is no file. */
export function pushFromDisk(files: ListedFile[], folder: string, path: string, tracked?: boolean): void {
  const stat = lstatSync(join(folder, path), { throwIfNoEntry: false });
  const known = tracked === undefined ? {} : { tracked };
  if (stat?.isSymbolicLink()) files.push({ path, mode: '120000', ...known });
  else if (stat?.isFile()) files.push({ path, mode: (stat.mode & 0o100) === 0 ? '100644' : '100755', ...known });
}

/** In the empty folder of a submodule that is not checked out, git speaks of the repository around it: of that folder itself, `./`. */
async function listSubmodule(folder: string, path: string): Promise<ListedFile[]> {
  if (path === './') return [];
  const inner = (await listGit(join(folder, path))) ?? [];
  return inner.map((file) => ({ ...file, path: `${path}/${file.path}` }));
}

async function listStates(folder: string): Promise<string[] | undefined> {
  const states = ['--stage', '--modified', '--deleted', '--others', '--exclude-standard'];
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  try {
    const { stdout } = await run('git', ['-C', folder, 'ls-files', '-z', '-t', ...states], { maxBuffer: 1 << 30, env });
    return stdout.split('\0').filter((line) => line !== '');
  } catch (cause) {
    const { code, stderr = '' } = cause as { code?: unknown; stderr?: string };
    if (code === 'ENOENT' || /not a git repository/i.test(stderr)) return undefined;
    const [reason = ''] = stderr.split('\n');
    throw new StowageError(ErrorCode.ToolFailed, `git does not list the files of ${folder}: ${reason.replace(/^fatal: /, '')}`, {
      hint: stderr.includes('safe.directory')
        ? `Run \`git config --global --add safe.directory ${folder}\`, or run Stowage as the owner of the folder.`
        : 'Mend the checkout: `git status` has to work in it.',
      cause,
    });
  }
}
