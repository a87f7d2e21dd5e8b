import { createHash } from 'node:crypto';
import { planJson } from '@stowage/core';
import { packProject } from './pack-project.ts';

/**
 * `node plan-hash.js <project's root>`: prints one line that differs whenever the plan of the app does. Nx puts it into the hash of
 * `docker-prune`. What cannot be planned prints its error: the target then runs, and tells it.
 */
async function planHash(project: string): Promise<string> {
  const { plan } = await packProject(process.cwd(), project);
  return createHash('sha256').update(planJson(plan)).digest('hex');
}

const line = await planHash(process.argv[2] ?? '.').catch((error: unknown) => `no plan: ${String(error)}`);
process.stdout.write(`${line}\n`);
