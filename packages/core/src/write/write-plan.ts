import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { ErrorCode, StowageError } from '../errors.ts';
import type { Files, PackPlan, PlannedFile, Workspace } from '../model.ts';
import { type Copy, copyFiles } from './copy-files.ts';
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
      await assertReplaceable(target, workspace);
      const other = written.get(target);
      if (other !== undefined) throw sameFolder(target, other, plan.app);
      written.set(target, plan.app);
      await mkdir(dirname(target), { recursive: true });
      await writeFiles([...plan.files, { path: 'plan.json', mode: '100644', text: planJson(plan) }], workspace.files, partOf(target));
    });
    for (const target of written.keys()) await replace(target, partOf(target));
    return result;
  } finally {
    for (const target of written.keys()) await rm(partOf(target), { recursive: true, force: true });
  }
}

async function replace(target: string, part: string): Promise<void> {
  const old = `${target}.old-${process.pid}`;
  if (await exists(target)) await rename(target, old);
  await rename(part, target);
  await rm(old, { recursive: true, force: true });
}

function sameFolder(target: string, one: PackPlan['app'], other: PackPlan['app']): StowageError {
  return new StowageError(ErrorCode.DuplicateName, `${one.name} (${one.id}) and ${other.name} (${other.id}) would both be written to ${target}.`, {
    hint: 'Take them one by one, or rename one of the packages.',
  });
}

async function assertReplaceable(target: string, { root, importers }: Workspace): Promise<void> {
  const within = (outer: string, inner: string): boolean => !relative(outer, inner).startsWith('..');
  const holdsSources = within(target, root) || importers.some(({ id }) => within(target, join(root, id)));
  if (holdsSources) throw unsafe(target, 'it is a folder of the workspace itself');
  if (!(await exists(target))) return;
  if (!(await lstat(target)).isDirectory()) throw unsafe(target, 'it is a file');
  const content = await readdir(target);
  if (content.length > 0 && !(await isPlanFolder(target))) throw unsafe(target, 'it holds files that Stowage did not write');
}

async function isPlanFolder(folder: string): Promise<boolean> {
  try {
    return typeof JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')).identities?.deps === 'string';
  } catch {
    return false;
  }
}

function unsafe(target: string, why: string): StowageError {
  return new StowageError(ErrorCode.UnsafeOutput, `${target} cannot be the output folder: ${why}.`, { hint: 'Name another with --out DIR.' });
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Modes are the plan's, not the umask's: BuildKit compares those of files and folders. */
async function writeFiles(planned: readonly PlannedFile[], files: Files, folder: string): Promise<void> {
  const umask = process.umask(0o022);
  try {
    await copyFiles(writeTexts(planned, files, folder));
  } finally {
    process.umask(umask);
  }
}

/** Writes, each in its turn, what is no file of the disk, and gives the copies that are to be made of the rest. */
function* writeTexts(planned: readonly PlannedFile[], files: Files, folder: string): Generator<Copy, undefined> {
  mkdirSync(folder, { mode: 0o755 });
  const made = new Set(['.']);
  const makeFolder = (path: string): void => {
    if (made.has(path)) return;
    makeFolder(dirname(path));
    mkdirSync(join(folder, path), { mode: 0o755 });
    made.add(path);
  };
  for (const file of planned) {
    makeFolder(dirname(file.path));
    const source = 'text' in file || file.mode === '120000' ? undefined : files.locate?.(file.copyFrom);
    const target = join(folder, file.path);
    if (source === undefined) writeOne(file, files, target);
    else yield { source, target, mode: modeOf(file) };
  }
  return undefined;
}

function writeOne(file: PlannedFile, files: Files, target: string): void {
  const content = 'text' in file ? file.text : contentOf(file.copyFrom, files);
  if (file.mode === '120000') symlinkSync(content, target);
  else writeFileSync(target, content, { mode: modeOf(file) });
}

function modeOf({ mode }: PlannedFile): number {
  return mode === '100755' ? 0o755 : 0o644;
}

function contentOf(path: string, files: Files): Buffer {
  const bytes = files.readBytes(path);
  if (bytes === undefined) throw new Error(`the plan copies ${path}, which the workspace does not list`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
