import { listApps } from '@stowage/core';
import { type Context, type Outcome, open, table } from '../command.ts';

export async function list(context: Context): Promise<Outcome> {
  const apps = listApps(await open(context));
  return {
    json: { apps: apps.map(({ id, name, preset, reason }) => ({ id, name, preset, reason })) },
    text: apps.length === 0 ? 'No app found.\n' : table(apps.map(({ id, name, preset, reason }) => [name, id, preset, reason])),
    summary: false,
  };
}
