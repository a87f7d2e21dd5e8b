import type { Importer, Manifest, Workspace } from '../../packages/core/src/model.ts';
import type { PrunedInstall } from '../../packages/core/src/package-managers/adapter.ts';
import { npm } from '../../packages/core/src/package-managers/npm/adapter.ts';
import { type MemoryFile, memoryFiles } from './memory-files.ts';

export type Entries = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The text of a lockfile with these entries, as npm prints it. */
export function lockText(packages: Entries, fields: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({ name: 'root', lockfileVersion: 3, requires: true, packages, ...fields }, null, 2)}\n`;
}

/** Importers of these manifests, by id; the root is `.`. */
export function importersOf(manifests: Readonly<Record<string, Manifest>>): Importer[] {
  return Object.entries(manifests).map(([id, manifest]) => ({ id, name: manifest.name ?? id, manifest }));
}

/** The entries that npm writes for importers: their own, and the links that lead to them. */
export function entriesOf(importers: readonly Importer[]): Record<string, Record<string, unknown>> {
  const members = importers.filter(({ id }) => id !== '.');
  return {
    '': { ...importers.find(({ id }) => id === '.')?.manifest },
    ...Object.fromEntries(members.map(({ id, manifest }) => [id, { ...manifest }])),
    ...Object.fromEntries(members.map(({ id, name }) => [`node_modules/${name}`, { resolved: id, link: true }])),
  };
}

export interface PruneOptions {
  readonly text: string;
  readonly workspace: readonly Importer[];
  readonly keep?: readonly Importer[];
  readonly mode?: 'deps' | 'prod';
  readonly version?: string;
  readonly files?: Readonly<Record<string, MemoryFile>>;
}

export interface PruneResult extends PrunedInstall {
  readonly text: string;
  readonly packages: Entries;
}

export function pruneNpm({ text, workspace, keep = workspace, mode = 'deps', version = '11.21.2', files = {} }: PruneOptions): PruneResult {
  const packageManager: Workspace['packageManager'] = { id: 'npm', version, source: 'packageManager' };
  const lockfile = npm.parse({ path: 'package-lock.json', text });
  const install = npm.prune({ lockfile, packageManager, workspace, scope: { mode, importers: keep }, files: memoryFiles(files) });
  const pruned = install.files.find(({ path }) => path === 'package-lock.json');
  const printed = pruned !== undefined && 'text' in pruned ? pruned.text : '';
  return { ...install, text: printed, packages: (JSON.parse(printed) as { packages: Entries }).packages };
}
