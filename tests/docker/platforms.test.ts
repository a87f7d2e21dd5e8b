import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordOf } from '../kit/engine.ts';
import { ports } from '../kit/ports.ts';
import type { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

const image = `${process.env.STOWAGE_REGISTRY ?? ''}/stowage-test-${randomUUID().slice(0, 8)}/node:22-slim`;

/**
 * Judged by the platforms of BuildKit's vertices. No emulation is needed: what stands for Node's image on the other platform holds programs of
 * the engine's own.
 */
describeWith(['docker', 'registry'], 'a build for two platforms', () => {
  let repository: Repository;
  let platforms: string;
  beforeAll(() => {
    repository = ports();
    const own = execFileSync('docker', ['version', '--format={{.Server.Os}}/{{.Server.Arch}}'], { encoding: 'utf8' }).trim();
    platforms = `--platform=${own},linux/${own.endsWith('arm64') ? 'amd64' : 'arm64'}`;
    execFileSync('docker', ['buildx', 'build', '--provenance=false', platforms, '--push', `--tag=${image}`, '-'], {
      input: `FROM --platform=${own} node:22-slim\n`,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
  });
  afterAll(() => repository?.remove());

  /** By stage, on how many platforms its commands ran. */
  async function platformsOf(app: string, context: string): Promise<Record<string, number>> {
    const { folder } = await repository.pack(app);
    const found: Record<string, Set<string>> = {};
    for (const { name, stage, instruction } of await recordOf(platforms, '--output=type=cacheonly', `--build-context=${context}`, folder)) {
      const platform = /^\[(\w+\/\w+)/.exec(name)?.[1];
      if (stage === undefined || platform === undefined || !/^(RUN|COPY)/.test(instruction ?? '')) continue;
      found[stage] = (found[stage] ?? new Set()).add(platform);
    }
    return Object.fromEntries(Object.entries(found).map(([stage, names]) => [stage, names.size]));
  }

  it('makes of a server once what is the same everywhere, and installs for each', async () => {
    // `base` and `prod-base` are one image on the engine's own platform
    expect(await platformsOf('api', `node:22-slim=docker-image://${image}`)).toEqual({
      ...{ 'stowage-deps': 1, 'stowage-prod': 1, 'stowage-src': 1, base: 1, deps: 1, build: 1, output: 1 },
      ...{ 'prod-base': 1, 'prod-deps': 2, init: 2, runtime: 2 },
    });
  });

  it('makes all of a front end once', async () => {
    // a folder stands for the web server's image, as only the engine's own platform is at hand: it is the same on both
    const found = await platformsOf('site', `nginxinc/nginx-unprivileged:stable=${join(repository.folder, 'apps/site')}`);
    expect(found).toEqual({ base: 1, deps: 1, build: 1, runtime: 1, 'stowage-deps': 1, 'stowage-src': 1 });
  });
});
