import type { PackageManagerId } from '../model.ts';
import type { PackageManagerAdapter } from './adapter.ts';
import { npm } from './npm/adapter.ts';
import { pnpm } from './pnpm/adapter.ts';

/** All package managers, in the order they are looked for. */
export const adapters: readonly PackageManagerAdapter[] = [pnpm, npm] as readonly PackageManagerAdapter<never>[] as readonly PackageManagerAdapter[];

/** The adapter of a manager; every id of the model has one. */
export function adapterOf(id: PackageManagerId): PackageManagerAdapter {
  const adapter = adapters.find((candidate) => candidate.id === id);
  if (adapter === undefined) throw new Error(`no adapter for ${id}`);
  return adapter;
}
