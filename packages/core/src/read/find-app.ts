import { isAbsolute, join, posix, relative } from 'node:path';
import { didYouMean, ErrorCode, StowageError } from '../errors.ts';
import type { Importer, Workspace } from '../model.ts';

/**
 * The importer that a person means: a package name, with or without its scope, its folder (from the root, from where they stand, or absolute),
 * `.` for the one they stand in.
 * @throws StowageError UnknownApp with the nearest names, AmbiguousApp where several packages share the name
 */
export function findApp({ importers, from, root }: Pick<Workspace, 'importers' | 'from' | 'root'>, wanted: string): Importer {
  const found = importersCalled(importers, wanted, isAbsolute(wanted) ? relative(join(root, from), wanted) || '.' : wanted, from);
  if (found.length === 1) return found[0] as Importer;
  if (found.length > 1) throw new StowageError(ErrorCode.AmbiguousApp, severalAreCalled(wanted, found), { hint: nameTheFolder });
  throw new StowageError(ErrorCode.UnknownApp, `No package of this workspace is called "${wanted}".`, {
    hint: [nearestImporters(importers, wanted), '`stowage list` shows all apps.'].filter((part) => part !== undefined).join(' '),
  });
}

/** Names go before folders, folders before names without their scope. More than one where a name is not enough. */
export function importersCalled(importers: readonly Importer[], wanted: string, path = wanted, from = '.'): Importer[] {
  const folder = posix.normalize(path).replace(/(?<=.)\/+$/, '');
  const here = posix.join(from, folder);
  const byFolder =
    folder === '.' ? enclosing(importers, from) : (importers.find(({ id }) => id === here) ?? importers.find(({ id }) => id === folder));
  const named = importers.filter(({ name, manifest }) => name === wanted && manifest.name !== undefined);
  // the root often has the name of the one app that is published
  const byName = named.length > 1 ? named.filter(({ id }) => id !== '.') : named;
  if (byName.length > 0) return byName;
  return byFolder === undefined ? importers.filter(({ name }) => name.startsWith('@') && name.slice(name.indexOf('/') + 1) === wanted) : [byFolder];
}

export function severalAreCalled(wanted: string, found: readonly Importer[]): string {
  return `"${wanted}" names ${found.length} packages: ${found.map(({ id }) => id).join(', ')}.`;
}

export const nameTheFolder = 'Name the one you mean by its folder.';

/** "Did you mean a, b?", by names and folders. */
export function nearestImporters(importers: readonly Importer[], wanted: string): string | undefined {
  const known = importers.filter(({ id }) => id !== '.' || importers.length === 1).flatMap(({ id, name }) => (id === name ? [id] : [name, id]));
  return didYouMean(wanted, known);
}

/** The package that a folder belongs to: the innermost; the root only where one stands in it, or where there is no other. */
function enclosing(importers: readonly Importer[], folder: string): Importer | undefined {
  const holds = ({ id }: Importer): boolean => (id === '.' ? folder === '.' || importers.length === 1 : `${folder}/`.startsWith(`${id}/`));
  return importers.filter(holds).sort((a, b) => b.id.length - a.id.length)[0];
}
