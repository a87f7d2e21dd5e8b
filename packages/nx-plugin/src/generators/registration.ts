import type { NxJsonConfiguration } from '@nx/devkit';

export const pluginName = '@stowage/nx';

/** Whether an entry of nx.json's `plugins` is this plugin's. */
export function isStowage(entry: NonNullable<NxJsonConfiguration['plugins']>[number]): boolean {
  return (typeof entry === 'string' ? entry : entry.plugin) === pluginName;
}
