import { spawnSync } from 'node:child_process';
import { posix } from 'node:path';
import { ErrorCode, StowageError } from '../errors.ts';
import type { FileMode, Files } from '../model.ts';
import { ListedFiles } from './listed-files.ts';

interface CommitFile {
  readonly path: string;
  readonly mode: FileMode;
  readonly tracked: true;
  readonly blobId: string;
}

/**
 * The files of a commit below a folder of a checkout (or of a bare repository), as git keeps them, contents read when asked for.
 * Submodules are no part of a commit.
 * @throws StowageError UnknownCommit; ToolMissing where there is no git
 */
export function readCommitFiles(folder: string, commit: string): Files {
  const listed = listCommit(folder, commit);
  const contents = new Map<string, Uint8Array>();
  return new ListedFiles(listed, ({ path, blobId }) => {
    if (!contents.has(blobId)) {
      const wanted = new Set(listed.filter((file) => isReadWith(path, file.path)).map((file) => file.blobId));
      for (const [id, bytes] of readBlobs(
        folder,
        [...wanted].filter((id) => !contents.has(id)),
      ))
        contents.set(id, bytes);
    }
    return contents.get(blobId) as Uint8Array;
  });
}

/** A process for each file would be slow: with one manifest come all, with one source those beside it. */
function isReadWith(asked: string, other: string): boolean {
  if (posix.basename(other) === posix.basename(asked)) return true;
  return posix.dirname(other) === posix.dirname(asked) && posix.extname(other) === posix.extname(asked);
}

function listCommit(folder: string, commit: string): CommitFile[] {
  // in a subfolder, git lists that folder alone, by paths relative to it
  const lines = git(folder, ['ls-tree', '-r', '-z', `${commit}^{commit}`], '', commit)
    .toString('utf8')
    .split('\0');
  return lines.flatMap((line) => {
    const tab = line.indexOf('\t');
    const [mode, type, blobId] = line.slice(0, tab).split(' ') as [FileMode, string, string];
    return type === 'blob' ? [{ path: line.slice(tab + 1), mode, tracked: true, blobId }] : [];
  });
}

/** `git cat-file --batch` answers each id with `<id> blob <size>`, a newline, the content and a newline. */
function readBlobs(folder: string, ids: readonly string[]): [id: string, bytes: Uint8Array][] {
  const output = git(folder, ['cat-file', '--batch'], ids.map((id) => `${id}\n`).join(''), ids[0] ?? '');
  let at = 0;
  return ids.map((id) => {
    const end = output.indexOf('\n', at);
    const size = Number(/ blob (\d+)$/.exec(output.toString('latin1', at, end))?.[1]);
    if (Number.isNaN(size)) throw unknown(folder, id);
    at = end + 1 + size + 1;
    return [id, output.subarray(end + 1, end + 1 + size)];
  });
}

function git(folder: string, args: readonly string[], input: string, wanted: string): Buffer {
  const { stdout, status, error } = spawnSync('git', ['-C', folder, ...args], { input, maxBuffer: 1 << 30 });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    throw new StowageError(ErrorCode.ToolMissing, 'A commit can be read only with git, which is not on the PATH.', { hint: 'Install git.' });
  }
  if (error !== undefined) throw error;
  if (status !== 0) throw unknown(folder, wanted);
  return stdout;
}

function unknown(folder: string, wanted: string): StowageError {
  return new StowageError(ErrorCode.UnknownCommit, `The repository of ${folder} has no "${wanted}".`, {
    hint: 'Is the clone shallow? Fetch the commit: `git fetch --depth=1 origin COMMIT`, or in CI `fetch-depth: 0`.',
  });
}
