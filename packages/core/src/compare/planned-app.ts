import type { PackPlan, PlannedFile, Workspace } from '../model.ts';

/** An app's plan, and the workspace that its files are copied from. */
export interface PlannedApp {
  readonly plan: PackPlan;
  readonly workspace: Workspace;
}

/** A file of the folder that the two plans do not have alike. The path is relative to the part of the folder. */
export interface DifferingFile {
  readonly path: string;
  readonly before: PlannedFile | undefined;
  readonly after: PlannedFile | undefined;
}

/** What differs in one part of the folder: by path, mode and content, in the order of the plans. */
export function differingFiles(part: 'deps' | 'prod' | 'src', before: PlannedApp, after: PlannedApp): DifferingFile[] {
  const [old, now] = [filesOf(part, before), filesOf(part, after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((path) => {
    const [one, other] = [old.get(path), now.get(path)];
    const same = one !== undefined && other !== undefined && one.mode === other.mode && contentsEqual(one, before, other, after);
    return same ? [] : [{ path: path.slice(part.length + 1), before: one, after: other }];
  });
}

/** The text that a planned file will have. */
export function textOf(file: PlannedFile, { workspace }: PlannedApp): string {
  return 'text' in file ? file.text : (workspace.files.read(file.copyFrom) ?? '');
}

export function contentsEqual(one: PlannedFile, before: PlannedApp, other: PlannedFile, after: PlannedApp): boolean {
  if ('copyFrom' in one && 'copyFrom' in other) return before.workspace.files.blobId(one.copyFrom) === after.workspace.files.blobId(other.copyFrom);
  return textOf(one, before) === textOf(other, after);
}

function filesOf(part: string, { plan }: PlannedApp): Map<string, PlannedFile> {
  return new Map(plan.files.filter(({ path }) => path.startsWith(`${part}/`)).map((file) => [file.path, file]));
}
