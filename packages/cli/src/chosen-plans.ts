import { ErrorCode, findApp, type PackPlan, StowageError, type Workspace } from '@stowage/core';
import { type BaseOptions, compareWithBase, findAffected } from './affected.ts';
import { allApps, type Context, packAll } from './command.ts';

/** Which apps a command is for, besides those that are named. */
export interface Selection extends BaseOptions {
  readonly affected?: true;
}

/**
 * The plans of the apps that are named, of all where none is; with `affected` of those of them whose image differs from the base's.
 * @throws StowageError Usage for a base without `affected`; what finding the base throws
 */
export async function chosenPlans(context: Context, workspace: Workspace, names: readonly string[], selection: Selection): Promise<PackPlan[]> {
  if (!selection.affected) {
    const option = selection.base !== undefined ? '--base' : selection.onUnknownBase !== undefined ? '--on-unknown-base' : undefined;
    if (option !== undefined) throw new StowageError(ErrorCode.Usage, `${option} says what --affected compares with.`, { hint: 'Add --affected.' });
    return packAll(workspace, names.length > 0 ? names : allApps(workspace));
  }
  const only = names.length === 0 ? undefined : names.map((name) => findApp(workspace, name).id);
  const { apps } = await findAffected(await compareWithBase(context, workspace, selection), context, only);
  const ids = new Set(apps.map(({ id }) => id));
  return packAll(
    workspace,
    workspace.importers.filter(({ id }) => ids.has(id)),
  );
}
