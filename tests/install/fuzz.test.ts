import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PackageManagerId } from '@stowage/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../fuzz/examine.ts';
import { repositoryOf } from '../fuzz/invent-repository.ts';
import type { InventedRepository } from '../fuzz/invented.ts';
import { type InventedRegistry, startRegistry } from '../fuzz/registry.ts';
import { isAvailable, releases } from '../fuzz/tools.ts';

const seeds = [1, 2, 4, 6];
const regressions = fileURLToPath(new URL('../fuzz/regressions/', import.meta.url));

let registry: InventedRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.close());

describe('invented repositories', () => {
  for (const [id, [version = '']] of Object.entries(releases)) {
    const manager = { id: id as PackageManagerId, version };
    it.skipIf(isMissing(manager)).each(seeds)(`${id} ${version}, seed %i`, async (seed) => {
      const outcome = await examine(repositoryOf(seed, manager), registry, { apps: 1, thawed: false });
      // what the manager itself cannot lock says nothing
      if (outcome.kind === 'skip') console.warn(`SKIPPED ${id} ${version}, seed ${seed}: ${outcome.why}`);
      else expect(outcome).toMatchObject({ kind: 'pass' });
    });
  }
});

describe('repositories that were packed wrongly once', () => {
  for (const name of readdirSync(regressions).filter((file) => file.endsWith('.json'))) {
    const repository: InventedRepository = JSON.parse(readFileSync(join(regressions, name), 'utf8'));
    it.skipIf(isMissing(repository.manager))(name.replace('.json', ''), async () => {
      expect(await examine(repository, registry)).toMatchObject({ kind: 'pass' });
    });
  }
});

/** Skips loudly, or fails where everything is required. */
function isMissing(manager: InventedRepository['manager']): boolean {
  if (isAvailable(manager)) return false;
  const reason = `${manager.id} ${manager.version} cannot be fetched from the registry`;
  if (process.env.STOWAGE_REQUIRE_ALL === '1') throw new Error(reason);
  console.warn(`SKIPPED: ${reason}`);
  return true;
}
