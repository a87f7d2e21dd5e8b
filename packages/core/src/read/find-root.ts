import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ErrorCode, StowageError } from '../errors.ts';

/** The root of the workspace that a folder belongs to, both absolute. */
export interface Root {
  readonly folder: string;
  /** POSIX path of the starting folder below the root, `.` at the root. */
  readonly from: string;
}

/**
 * The nearest folder upward that declares workspaces (`pnpm-workspace.yaml`, or `workspaces` in package.json), else the nearest
 * with a manifest and a lockfile, else the nearest with a manifest: a package without a workspace is its own root.
 * @throws StowageError NoWorkspace
 */
export function findRoot(start: string, lockfileNames: readonly string[]): Root {
  const from = resolve(start);
  let locked: string | undefined;
  let nearest: string | undefined;
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) {
      if (declaresWorkspaces(folder)) return root(folder, from);
      nearest ??= folder;
      if (lockfileNames.some((name) => existsSync(join(folder, name)))) locked ??= folder;
    }
    if (dirname(folder) === folder) break;
  }
  const found = locked ?? nearest;
  if (found === undefined) {
    throw new StowageError(ErrorCode.NoWorkspace, 'No package.json in this folder or any above it.', {
      hint: 'Run Stowage inside a repository, or name it with --cwd DIR.',
    });
  }
  return root(found, from);
}

function root(folder: string, from: string): Root {
  return { folder, from: relative(folder, from).replaceAll('\\', '/') || '.' };
}

function declaresWorkspaces(folder: string): boolean {
  if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return true;
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8').replace(/^\uFEFF/, '')).workspaces !== undefined;
  } catch {
    return false; // a manifest that is no JSON is reported where it is read
  }
}
