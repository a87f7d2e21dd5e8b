import { createHash } from 'node:crypto';
import { ImportCacheFolder, importCachePath, pack, planJson, readWorkspace } from '@stowage/core';

/**
 * `node plan-hash.js <project's root>`: prints one line that differs whenever the plan of the app does. Nx puts it into the hash of
 * `docker-prune`. What cannot be planned prints its error: the target then runs, and tells it.
 */
async function planHash(project: string): Promise<string> {
  const workspace = await readWorkspace(process.cwd());
  const cache = new ImportCacheFolder(importCachePath(workspace.root));
  const plan = await pack(workspace, project, { cache });
  cache.save();
  return createHash('sha256').update(planJson(plan)).digest('hex');
}

const line = await planHash(process.argv[2] ?? '.').catch((error: unknown) => `no plan: ${String(error)}`);
process.stdout.write(`${line}\n`);
