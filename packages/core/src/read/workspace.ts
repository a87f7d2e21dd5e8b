import { resolve } from 'node:path';
import { parseManifest } from '../importer.ts';
import type { Files, Workspace } from '../model.ts';
import { adapters } from '../package-managers/list.ts';
import { readCommitFiles } from './commit-files.ts';
import { findRoot, type Root } from './find-root.ts';
import { readFolderFiles } from './folder-files.ts';
import { readImporters } from './importers.ts';
import { inLaidOutFolder } from './lay-out.ts';
import { findPackageManager } from './package-manager.ts';

/**
 * Reads the workspace that a folder belongs to.
 * @throws StowageError NoWorkspace, NoLockfile, SeveralLockfiles, LockfileVersion, InvalidManifest, ...
 */
export async function readWorkspace(start: string): Promise<Workspace> {
  const { folder, from } = rootOf(start);
  return { root: folder, from, ...read(await readFolderFiles(folder), folder) };
}

/**
 * The root of the workspace that a folder belongs to, absolute: what the files of errors and notes are relative to.
 * @throws StowageError NoWorkspace
 */
export function workspaceRoot(start: string): string {
  return rootOf(start).folder;
}

function rootOf(start: string): Root {
  return findRoot(
    start,
    adapters.flatMap(({ lockfileNames }) => lockfileNames),
  );
}

/**
 * Reads a workspace as it is in a commit; nothing is checked out. `root` is the workspace's root folder in a checkout, or a bare
 * repository. Plans of a commit equal those of its checkout.
 * @throws StowageError UnknownCommit, and what `readWorkspace` throws
 */
export async function readWorkspaceAt(root: string, commit: string): Promise<Workspace> {
  const files = readCommitFiles(root, commit);
  return { root: resolve(root), from: '.', ...inLaidOutFolder(files, (folder) => read(files, folder)) };
}

/** `folder` holds at least the manifests and the list of workspaces, which are found by their globs. */
function read(files: Files, folder: string): Omit<Workspace, 'root' | 'from'> {
  const rootManifest = parseManifest('package.json', files.read('package.json') ?? '{}');
  const { packageManager, lockfile, diagnostics } = findPackageManager(rootManifest, files);
  return { packageManager, importers: readImporters(folder, packageManager.id, files), lockfile, files, diagnostics };
}
