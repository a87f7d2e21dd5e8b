import { listApps, type PackPlan, type Workspace } from '@stowage/core';
import { packAll } from './command.ts';

/** The plans of the apps that are named; of all where none is. */
export function chosenPlans(workspace: Workspace, names: readonly string[]): Promise<PackPlan[]> {
  return packAll(workspace, names.length > 0 ? names : listApps(workspace).map(({ id }) => id));
}
