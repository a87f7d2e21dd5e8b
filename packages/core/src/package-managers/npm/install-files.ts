import { ErrorCode, StowageError } from '../../errors.ts';
import type { Diagnostic, Files, PlannedFile } from '../../model.ts';
import { npmrcValues, sanitizeNpmrc } from '../npmrc.ts';
import { copyOf, folderFiles } from '../planned-files.ts';
import { isInNodeModules, type TreeNode } from './tree.ts';

/** The `.npmrc` of the install, with one more setting where that was inferred. */
export function planNpmrc(files: Files, inferred: string): { files: PlannedFile[]; diagnostics: Diagnostic[] } {
  const text = files.read('.npmrc');
  const { text: safe, diagnostics } = text === undefined ? { text: '', diagnostics: [] } : sanitizeNpmrc({ path: '.npmrc', text });
  return { files: safe + inferred === '' ? [] : [{ path: '.npmrc', mode: '100644', text: safe + inferred }], diagnostics };
}

/**
 * Files that kept entries stand for: tarballs and folders of the repository, patches, and the root's npm extension, whose hash npm 12 checks.
 * @throws StowageError MissingFile, LinkLeavesClosure
 */
export function planEntryFiles(kept: readonly TreeNode[], files: Files): PlannedFile[] {
  return kept.flatMap((node) => [...planLocal(node, files), ...planPatch(node, files), ...planExtension(node, files)]);
}

function planLocal({ location, entry, importer }: TreeNode, files: Files): PlannedFile[] {
  const isFolder = !isInNodeModules(location) && importer === undefined && location !== '';
  const path = isFolder ? location : entry.resolved?.startsWith('file:') === true ? entry.resolved.slice('file:'.length) : undefined;
  if (path === undefined) return [];
  if (path.startsWith('../') || path.startsWith('/')) {
    throw new StowageError(ErrorCode.LinkLeavesClosure, `${location} is taken from ${path}, which lies outside the repository.`, {
      where: { file: 'package.json', key: path },
      hint: 'Move the folder or tarball into the repository, or publish it.',
    });
  }
  if (files.get(path) !== undefined) return [plainCopyOf(path)];
  const inside = folderFiles(files, path);
  if (inside.length === 0) throw missingFile(path, location);
  return inside;
}

function planPatch({ location, entry }: TreeNode, files: Files): PlannedFile[] {
  const path = entry.patched?.path.replace(/^\.\//, '');
  if (path === undefined) return [];
  if (files.read(path) === undefined) throw missingFile(path, location);
  return [plainCopyOf(path)];
}

function planExtension({ location, entry }: TreeNode, files: Files): PlannedFile[] {
  if (location !== '' || entry.npmExtensionHash === undefined) return [];
  const configured = npmrcValues(files.read('.npmrc') ?? '', 'extension-file')
    .at(-1)
    ?.replace(/^\.\//, '');
  const candidates = configured === undefined ? ['.npm-extension.mjs', '.npm-extension.cjs'] : [configured];
  const path = candidates.find((candidate) => files.read(candidate) !== undefined);
  if (path === undefined) throw missingFile(candidates[0] as string, 'the lockfile');
  return [plainCopyOf(path)];
}

/** Whatever the file's mode: npm reads it alone. */
function plainCopyOf(path: string): PlannedFile {
  return copyOf({ path, mode: '100644' });
}

function missingFile(path: string, neededBy: string): StowageError {
  return new StowageError(ErrorCode.MissingFile, `${path}, which ${neededBy} needs, is not in the repository.`, {
    where: { file: path },
    hint: 'Commit it, or make it before packing.',
  });
}
