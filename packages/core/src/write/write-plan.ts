import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ErrorCode, StowageError } from '../errors.ts';
import type { Files, PackPlan, PlannedFile, Workspace } from '../model.ts';
import { planJson } from './plan-json.ts';

/** Writes one plan's folder; see `writeTogether`. */
export function writePlan(plan: PackPlan, workspace: Workspace, folder: string): Promise<void> {
  return writeTogether(workspace, (write) => write(plan, folder));
}

/**
 * Writes the folders of the plans that `work` gives, each as it comes, so that none need be held: first beside its place, and when the work
 * is done each in its place by one rename. Where anything fails before, nothing is changed; and there is never half a folder. What was there is
 * replaced only if it was such a folder, or empty.
 * @throws StowageError UnsafeOutput; DuplicateName where two apps would have one folder; what `work` throws
 */
export async function writeTogether<Result>(
  workspace: Workspace,
  work: (write: (plan: PackPlan, folder: string) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const written = new Map<string, PackPlan['app']>();
  const partOf = (target: string): string => `${target}.part-${process.pid}`;
  try {
    const result = await work(async (plan, folder) => {
      const target = resolve(folder);
      assertReplaceable(target, workspace);
      const other = written.get(target);
      if (other !== undefined) throw sameFolder(target, other, plan.app);
      written.set(target, plan.app);
      mkdirSync(dirname(target), { recursive: true });
      writeFiles([...plan.files, { path: 'plan.json', mode: '100644', text: planJson(plan) }], workspace.files, partOf(target));
    });
    for (const target of written.keys()) replace(target, partOf(target));
    return result;
  } finally {
    for (const target of written.keys()) rmSync(partOf(target), { recursive: true, force: true });
  }
}

function replace(target: string, part: string): void {
  const old = `${target}.old-${process.pid}`;
  if (exists(target)) renameSync(target, old);
  renameSync(part, target);
  rmSync(old, { recursive: true, force: true });
}

function sameFolder(target: string, one: PackPlan['app'], other: PackPlan['app']): StowageError {
  return new StowageError(ErrorCode.DuplicateName, `${one.name} (${one.id}) and ${other.name} (${other.id}) would both be written to ${target}.`, {
    hint: 'Take them one by one, or rename one of the packages.',
  });
}

function assertReplaceable(target: string, { root, importers }: Workspace): void {
  const within = (outer: string, inner: string): boolean => !relative(outer, inner).startsWith('..');
  const holdsSources = within(target, root) || importers.some(({ id }) => within(target, join(root, id)));
  if (holdsSources) throw unsafe(target, 'it is a folder of the workspace itself');
  if (!exists(target)) return;
  if (!lstatSync(target).isDirectory()) throw unsafe(target, 'it is a file');
  if (readdirSync(target).length > 0 && !isPlanFolder(target)) throw unsafe(target, 'it holds files that Stowage did not write');
}

function isPlanFolder(folder: string): boolean {
  try {
    return typeof JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')).identities?.deps === 'string';
  } catch {
    return false;
  }
}

function unsafe(target: string, why: string): StowageError {
  return new StowageError(ErrorCode.UnsafeOutput, `${target} cannot be the output folder: ${why}.`, { hint: 'Name another with --out DIR.' });
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Modes are the plan's, not the umask's: BuildKit compares those of files and folders. File after file, as it is the kernel that takes the time: threads
 * that wait for each other in it take half as long again, and twice the processor.
 */
function writeFiles(planned: readonly PlannedFile[], files: Files, folder: string): void {
  const umask = process.umask(0o022);
  try {
    mkdirSync(folder, { mode: 0o755 });
    const made = new Set(['.']);
    const makeFolder = (path: string): void => {
      if (made.has(path)) return;
      makeFolder(dirname(path));
      mkdirSync(`${folder}/${path}`, { mode: 0o755 });
      made.add(path);
    };
    for (const file of planned) {
      makeFolder(dirname(file.path));
      writeOne(file, files, `${folder}/${file.path}`);
    }
  } finally {
    process.umask(umask);
  }
}

function writeOne(file: PlannedFile, files: Files, target: string): void {
  const mode = file.mode === '100755' ? 0o755 : 0o644;
  const source = 'text' in file ? undefined : files.locate?.(file.copyFrom);
  if (file.mode === '120000') symlinkSync(contentOf(file, files), target);
  else if (source !== undefined) copyFile(source, target, mode);
  else writeFileSync(target, contentOf(file, files), { mode, flag: 'wx' });
}

/** As a clone where the file system can. A copy has the mode of its source at first. */
function copyFile(source: string, target: string, mode: number): void {
  copyFileSync(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  if ((statSync(source).mode & 0o7777) !== mode) chmodSync(target, mode);
}

function contentOf(file: PlannedFile, files: Files): string | Buffer {
  if ('text' in file) return file.text;
  const bytes = files.readBytes(file.copyFrom);
  if (bytes === undefined) throw new Error(`the plan copies ${file.copyFrom}, which the workspace does not list`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
