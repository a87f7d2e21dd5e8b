import { join } from 'node:path';
import { baseImages, pinsFile, readDigests, writeText } from '@stowage/core';
import { allApps, type Context, type Outcome, open, packAll, table, unlessInterrupted } from '../command.ts';

export async function pin(context: Context): Promise<Outcome> {
  const workspace = await open(context);
  const plans = await packAll(workspace, allApps(workspace));
  await unlessInterrupted(context);
  const digests = await readDigests(baseImages(plans), context.signal);
  await writeText(join(workspace.root, pinsFile), `${JSON.stringify(digests, null, 2)}\n`);
  return { json: { images: digests }, text: table(Object.entries(digests)), summary: true };
}
