import { didYouMean, ErrorCode, StowageError } from '../errors.ts';
import type { Importer, Workspace } from '../model.ts';

/**
 * The importer that a person means: a package name, its folder (from the root, or from where they stand), `.` for the one they stand in.
 * @throws StowageError UnknownApp with the nearest names, DuplicateName where several packages share the name
 */
export function findApp(workspace: Workspace, wanted: string): Importer {
  const { importers, from } = workspace;
  const folder = wanted.replace(/^\.\/(?=.)/, '').replace(/(?<=.)\/+$/, '');
  const here = from === '.' ? folder : `${from}/${folder}`;
  const byFolder =
    folder === '.' ? enclosing(importers, from) : (importers.find(({ id }) => id === here) ?? importers.find(({ id }) => id === folder));
  const named = importers.filter(({ name, manifest }) => name === wanted && manifest.name !== undefined);
  // the root often has the name of the one app that is published
  const byName = named.length > 1 ? named.filter(({ id }) => id !== '.') : named;
  const unscoped = importers.filter(({ name }) => name.startsWith('@') && name.slice(name.indexOf('/') + 1) === wanted);
  const found = byName.length > 0 ? byName : byFolder !== undefined ? [byFolder] : unscoped;
  if (found.length === 1) return found[0] as Importer;
  if (found.length > 1) {
    throw new StowageError(ErrorCode.DuplicateName, `"${wanted}" names ${found.length} packages: ${found.map(({ id }) => id).join(', ')}.`, {
      hint: 'Name the one you mean by its folder.',
    });
  }
  const known = importers.filter(({ id }) => id !== '.' || importers.length === 1).flatMap(({ id, name }) => (id === name ? [id] : [name, id]));
  throw new StowageError(ErrorCode.UnknownApp, `No package of this workspace is called "${wanted}".`, {
    hint: [didYouMean(wanted, known), '`stowage list` shows all apps.'].filter((part) => part !== undefined).join(' '),
  });
}

/** The package that a folder belongs to: the innermost; the root only where one stands in it, or where there is no other. */
function enclosing(importers: readonly Importer[], folder: string): Importer | undefined {
  const holds = ({ id }: Importer): boolean => (id === '.' ? folder === '.' || importers.length === 1 : `${folder}/`.startsWith(`${id}/`));
  return importers.filter(holds).sort((a, b) => b.id.length - a.id.length)[0];
}
