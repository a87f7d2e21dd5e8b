import { ErrorCode, findApp, type Importer, StowageError, type Workspace } from '@stowage/core';
import { type BaseOptions, compareWithBase, findAffected } from './affected.ts';
import { allApps, type Context } from './command.ts';

/** Which apps a command is for, besides those that are named. */
export interface Selection extends BaseOptions {
  readonly affected?: true;
}

/**
 * The apps that are named, all where none is; with `affected` those of them whose image differs from the base's.
 * @throws StowageError Usage for a base without `affected`; what finding the base throws
 */
export async function chosenApps(context: Context, workspace: Workspace, names: readonly string[], selection: Selection): Promise<Importer[]> {
  if (!selection.affected) {
    const option = selection.base !== undefined ? '--base' : selection.onUnknownBase !== undefined ? '--on-unknown-base' : undefined;
    if (option !== undefined) throw new StowageError(ErrorCode.Usage, `${option} says what --affected compares with.`, { hint: 'Add --affected.' });
    return names.length > 0 ? namedApps(workspace, names) : allApps(workspace);
  }
  const only = names.length === 0 ? undefined : names.map((name) => findApp(workspace, name).id);
  const { apps } = await findAffected(await compareWithBase(context, workspace, selection), context, only);
  const ids = new Set(apps.map(({ id }) => id));
  return workspace.importers.filter(({ id }) => ids.has(id));
}

/** Apps by what a person calls them, each once. */
export function namedApps(workspace: Workspace, names: readonly string[]): Importer[] {
  return [...new Set(names.map((name) => findApp(workspace, name)))];
}
