import type { FileEntry, Files, Importer } from '../model.ts';

/** The files of each importer, by id: a file belongs to the deepest importer whose folder holds it, the root's own to `.`. */
export function filesByImporter(files: Files, importers: readonly Importer[]): ReadonlyMap<string, readonly FileEntry[]> {
  const owned = new Map<string, FileEntry[]>(importers.map(({ id }) => [id, []]));
  const ownerOfFolder = new Map<string, string>([['', '.']]);
  const ownerOf = (folder: string): string => {
    const known = ownerOfFolder.get(folder);
    if (known !== undefined) return known;
    const owner = owned.has(folder) ? folder : ownerOf(folder.slice(0, Math.max(0, folder.lastIndexOf('/'))));
    ownerOfFolder.set(folder, owner);
    return owner;
  };
  for (const file of files.list) owned.get(ownerOf(file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')))))?.push(file);
  return owned;
}
