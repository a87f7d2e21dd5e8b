import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe } from 'vitest';

/** What a heavy test needs of the machine, and why it is lacking. */
const checks = {
  docker: () => (spawnSync('docker', ['buildx', 'inspect'], { stdio: 'ignore' }).status === 0 ? undefined : 'no Docker engine with buildx answers'),
  registry: () => (process.env.STOWAGE_REGISTRY ? undefined : 'STOWAGE_REGISTRY names no registry that takes images without credentials'),
  'second-engine': () => {
    const env = { ...process.env, DOCKER_HOST: process.env.STOWAGE_SECOND_ENGINE };
    const answers = env.DOCKER_HOST !== undefined && spawnSync('docker', ['version'], { env, stdio: 'ignore' }).status === 0;
    return answers ? undefined : 'STOWAGE_SECOND_ENGINE names no Docker engine that answers, as DOCKER_HOST does';
  },
  corpus: () => (existsSync(process.env.STOWAGE_CORPUS ?? '') ? undefined : 'STOWAGE_CORPUS names no folder'),
  judge: () => (existsSync(process.env.STOWAGE_JUDGE ?? '') ? undefined : 'STOWAGE_JUDGE names no program'),
};

/** A suite that skips loudly where the machine lacks something, and fails where everything is required. */
export function describeWith(needs: readonly (keyof typeof checks)[], name: string, suite: () => void): void {
  const lacking = needs.map((need) => checks[need]()).filter((reason) => reason !== undefined);
  if (lacking.length === 0) {
    describe(name, suite);
  } else if (process.env.STOWAGE_REQUIRE_ALL === '1') {
    describe(name, () => {
      throw new Error(`required on this machine: ${lacking.join('; ')}`);
    });
  } else {
    console.warn(`SKIPPED ${name}: ${lacking.join('; ')}`);
    describe.skip(`${name} (${lacking.join('; ')})`, suite);
  }
}
