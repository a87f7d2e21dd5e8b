import type { FileEntry, Files, PlannedFile } from '../model.ts';
import { sortedBy } from '../order.ts';

/** A file that goes into the install as it lies in the repository. */
export function copyOf({ path, mode }: Pick<FileEntry, 'path' | 'mode'>): PlannedFile {
  return { path, mode, copyFrom: path };
}

/** All files below a folder; none where it is not there. */
export function folderFiles(files: Files, folder: string): PlannedFile[] {
  return files.list.filter(({ path }) => path.startsWith(`${folder}/`)).map(copyOf);
}

/** What is planned for several reasons goes in once, as it was planned last. */
export function eachOnce(planned: readonly PlannedFile[]): PlannedFile[] {
  return sortedBy(new Map(planned.map((file) => [file.path, file])).values(), ({ path }) => path);
}
