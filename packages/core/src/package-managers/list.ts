import type { PackageManagerId } from '../model.ts';
import type { PackageManagerAdapter } from './adapter.ts';
import { bun } from './bun/adapter.ts';
import { npm } from './npm/adapter.ts';
import { pnpm } from './pnpm/adapter.ts';
import { yarnBerry } from './yarn-berry/adapter.ts';
import { yarnClassic } from './yarn-classic/adapter.ts';

/** All package managers, in the order they are looked for. Each knows its own lockfile's shape; none sees another's. */
export const adapters: readonly PackageManagerAdapter[] = [pnpm, npm, yarnClassic, yarnBerry, bun];

/** The adapter of a manager; every id of the model has one. */
export function adapterOf(id: PackageManagerId): PackageManagerAdapter {
  const adapter = adapters.find((candidate) => candidate.id === id);
  if (adapter === undefined) throw new Error(`no adapter for ${id}`);
  return adapter;
}
