import { listApps } from '@stowage/core';
import { type Context, type Outcome, open, table } from '../command.ts';

export async function list(context: Context): Promise<Outcome> {
  const workspace = await open(context);
  const apps = listApps(workspace);
  return {
    json: { apps: apps.map(({ id, name, preset, reason }) => ({ id, name, preset, reason })) },
    text:
      apps.length === 0
        ? `No app found among ${workspace.importers.length} ${workspace.importers.length === 1 ? 'package' : 'packages'} of the workspace.\n`
        : table(apps.map(({ id, name, preset, reason }) => [name, id, preset, reason])),
    summary: false,
  };
}
