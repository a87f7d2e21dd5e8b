import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ErrorCode, StowageError } from '../errors.ts';
import { withoutByteOrderMark } from '../text.ts';

/** The root of the workspace that a folder belongs to, both absolute. */
export interface Root {
  readonly folder: string;
  /** POSIX path of the starting folder below the root, `.` at the root. */
  readonly from: string;
}

/**
 * The nearest folder upward that declares workspaces (`pnpm-workspace.yaml`, or `workspaces` in package.json), unless a yarn.lock above holds
 * that folder as a workspace of its own; else the nearest with a manifest and a lockfile, else the nearest with a manifest: a package without a
 * workspace is its own root.
 * @throws StowageError NoWorkspace
 */
export function findRoot(start: string, lockfileNames: readonly string[]): Root {
  const from = resolve(start);
  let declaring: string | undefined;
  let locked: string | undefined;
  let nearest: string | undefined;
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) {
      if (declaring !== undefined && locksWorkspace(folder, declaring)) return root(folder, from);
      if (declaresWorkspaces(folder)) declaring ??= folder;
      nearest ??= folder;
      if (lockfileNames.some((name) => existsSync(join(folder, name)))) locked ??= folder;
    }
    if (dirname(folder) === folder) break;
  }
  const found = declaring ?? locked ?? nearest;
  if (found === undefined) {
    throw new StowageError(ErrorCode.NoWorkspace, 'No package.json in this folder or any above it.', {
      hint: 'Run Stowage inside a repository, or name it with --cwd DIR.',
    });
  }
  return root(found, from);
}

/** Whether the yarn.lock of a folder holds another, which declares workspaces itself, as a workspace. */
function locksWorkspace(folder: string, inner: string): boolean {
  const lockfile = join(folder, 'yarn.lock');
  return existsSync(lockfile) && readFileSync(lockfile, 'utf8').includes(`@workspace:${relative(folder, inner).replaceAll('\\', '/')}"\n`);
}

function root(folder: string, from: string): Root {
  return { folder, from: relative(folder, from).replaceAll('\\', '/') || '.' };
}

function declaresWorkspaces(folder: string): boolean {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return true;
  try {
    return JSON.parse(withoutByteOrderMark(readFileSync(join(folder, 'package.json'), 'utf8'))).workspaces !== undefined;
  } catch {
    return false; // a manifest that is no JSON is reported where it is read
  }
}
