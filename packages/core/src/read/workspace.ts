import type { Workspace } from '../model.ts';
import { adapters } from '../package-managers/list.ts';
import { findRoot } from './find-root.ts';
import { readFolderFiles } from './folder-files.ts';
import { parseManifest, readImporters } from './importers.ts';
import { findPackageManager } from './package-manager.ts';

/**
 * Reads the workspace that a folder belongs to.
 * @throws StowageError NoWorkspace, NoLockfile, SeveralLockfiles, LockfileVersion, InvalidManifest, ...
 */
export async function readWorkspace(start: string): Promise<Workspace> {
  const root = findRoot(
    start,
    adapters.flatMap(({ lockfileNames }) => lockfileNames),
  );
  const files = await readFolderFiles(root.folder);
  const rootManifest = parseManifest('package.json', files.read('package.json') ?? '{}');
  const { packageManager, lockfile, diagnostics } = findPackageManager(rootManifest, files);
  const importers = await readImporters(root.folder, packageManager.id, files);
  return { root: root.folder, from: root.from, packageManager, importers, lockfile, files, diagnostics };
}
