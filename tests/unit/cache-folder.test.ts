import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { removeOldBuilds } from '../../packages/core/src/run/cache-folder.ts';

test('folders of builds that nobody asked for in a month are removed, and no others', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'stowage-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const day = 24 * 60 * 60 * 1000;
  const now = Date.now();
  for (const [path, age] of [
    ['build/old-1/api', 31],
    ['build/both-2/api', 31],
    ['build/both-2/web', 29],
    ['imports/old-1', 31],
  ] as const) {
    mkdirSync(join(cache, 'stowage', path), { recursive: true });
    utimesSync(join(cache, 'stowage', path), new Date(now - age * day), new Date(now - age * day));
  }
  await removeOldBuilds(now);
  const left = readdirSync(join(cache, 'stowage'), { recursive: true, encoding: 'utf8' });
  expect(left.sort()).toEqual(['build', 'build/both-2', 'build/both-2/web', 'imports', 'imports/old-1']);
  await removeOldBuilds(now);
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});
