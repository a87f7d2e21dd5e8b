import { posix } from 'node:path';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Files, Importer, PlannedFile } from '../../model.ts';
import { manifestPath } from '../../paths.ts';
import { copyOf, folderFiles } from '../planned-files.ts';
import { targetOf } from './edges.ts';
import { type PnpmLockfile, SECTIONS } from './lockfile.ts';
import type { NarrowedImporter } from './narrow-importers.ts';
import type { ReachedPackages } from './reach.ts';

/**
 * Files of the repository that a package manager installs from: local tarballs, folders that are copied (`file:`), and of folders
 * that are linked the manifest, which tells their programs.
 * @throws StowageError MissingFile; LinkLeavesClosure for what lies outside the repository.
 */
export function planLocalFiles(
  lockfile: PnpmLockfile,
  packages: ReachedPackages,
  importers: ReadonlyMap<string, NarrowedImporter>,
  workspace: ReadonlyMap<string, Importer>,
  files: Files,
): PlannedFile[] {
  const planned: PlannedFile[] = [];
  for (const { key, tarball, folder } of packages.keys()) {
    if (tarball !== undefined) planned.push(copyFile(inside(tarball, key, lockfile.path), key, files));
    else if (folder !== undefined && !workspace.has(folder)) planned.push(...copyFolder(inside(folder, key, lockfile.path), key, files));
  }
  for (const [id, { sections }] of importers) {
    for (const section of SECTIONS) {
      for (const [alias, { version }] of Object.entries(sections[section] ?? {})) {
        if (!version.startsWith('link:')) continue;
        const target = targetOf(lockfile, id, alias, version, workspace);
        if (!('folder' in target)) continue;
        const manifest = posix.join(inside(target.folder, alias, manifestPath(id)), 'package.json');
        const entry = files.get(manifest);
        if (entry) planned.push(copyOf(entry));
      }
    }
  }
  return planned;
}

function copyFile(path: string, key: string, files: Files): PlannedFile {
  const entry = files.get(path);
  if (!entry) throw missing(path, key);
  return copyOf(entry);
}

function copyFolder(folder: string, key: string, files: Files): PlannedFile[] {
  const found = folderFiles(files, folder);
  if (found.length === 0) throw missing(folder, key);
  return found;
}

function missing(path: string, key: string): StowageError {
  return new StowageError(ErrorCode.MissingFile, `${key} is installed from ${path}, which is not there`, {
    where: { file: path },
    hint: 'Commit it (see .gitignore), or remove the dependency.',
  });
}

function inside(path: string, key: string, file: string): string {
  if (path !== '..' && !path.startsWith('../') && !posix.isAbsolute(path)) return path;
  throw new StowageError(ErrorCode.LinkLeavesClosure, `${key} is installed from ${path}, outside the repository`, {
    where: { file, key },
    hint: 'Move the folder into the repository, or publish it: an image cannot contain what lies outside.',
  });
}
