import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildProgram, stowage } from '../kit/cli.ts';
import { ports } from '../kit/ports.ts';
import type { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

const second = process.env.STOWAGE_SECOND_ENGINE ?? '';
const images = ['node:22-slim', 'nginxinc/nginx-unprivileged:stable'];

describeWith(['docker', 'second-engine'], 'a reproducible build', () => {
  const checkouts: Repository[] = [];
  beforeAll(async () => {
    await buildProgram();
    checkouts.push(ports(), ports());
    execFileSync('sh', ['-c', `docker save ${images.join(' ')} | DOCKER_HOST=${second} docker load`]);
  });
  afterAll(() => {
    for (const checkout of checkouts) checkout.remove();
  });

  it.each(['api', 'site'])('%s has the same digest on two engines, in two checkouts', async (app) => {
    const digests: string[] = [];
    for (const [index, checkout] of checkouts.entries()) {
      const archive = join(checkout.folder, '.git', `${app}.tar`);
      const words = ['build', app, '--reproducible', '--json', '--', '--output', `type=oci,dest=${archive}`];
      const { status, stdout, stderr } = await stowage(words, { cwd: checkout.folder, env: index === 0 ? {} : { DOCKER_HOST: second } });
      expect(status, stderr.slice(-4000)).toBe(0);
      digests.push(JSON.parse(stdout).apps[0].digest);
    }
    expect(digests[0]).toMatch(/^sha256:/);
    expect(digests[1]).toBe(digests[0]);
  });
});
