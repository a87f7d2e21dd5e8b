import { relative } from 'node:path';
import {
  ImportCacheFolder,
  type Importer,
  importCachePath,
  listApps,
  type PackPlan,
  packer,
  readWorkspace,
  type Workspace,
  workspaceRoot,
} from '@stowage/core';
import type { Reporter } from './reporter.ts';

/** What every command is given besides its own arguments. */
export interface Context {
  /** Absolute. */
  readonly cwd: string;
  readonly reporter: Reporter;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What a command has to say; `bin.ts` prints it. */
export interface Outcome {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The text says only what was done, so that --quiet drops it. */
  readonly summary: boolean;
  /** What was asked for was found (stale, not verified): exit status 1. */
  readonly found?: boolean;
}

/** The workspace that the command was started in; its notes are told. */
export async function open({ cwd, reporter }: Context): Promise<Workspace> {
  reporter.setRoot(workspaceRoot(cwd));
  const workspace = await readWorkspace(cwd);
  const { root, packageManager, importers } = workspace;
  reporter.debug(`${root}: ${packageManager.id} ${packageManager.version}, ${importers.length} packages`);
  reporter.diagnostics(workspace.diagnostics);
  return workspace;
}

/** The packages that `stowage list` shows: not their folders, for a folder may be the name of another package. */
export function allApps(workspace: Workspace): Importer[] {
  const ids = new Set(listApps(workspace).map(({ id }) => id));
  return workspace.importers.filter(({ id }) => ids.has(id));
}

/** Plans apps, by what a person calls them or as found already; what was read of sources is kept for the next run. */
export async function* packEach(workspace: Workspace, apps: readonly (string | Importer)[], imports = true): AsyncGenerator<PackPlan, undefined> {
  const cache = new ImportCacheFolder(importCachePath(workspace.root));
  const plan = packer(workspace, { imports, cache });
  for (const app of apps) yield await plan(app);
  cache.save();
  return undefined;
}

export async function packAll(workspace: Workspace, apps: readonly (string | Importer)[]): Promise<PackPlan[]> {
  const plans: PackPlan[] = [];
  for await (const plan of packEach(workspace, apps)) plans.push(plan);
  return plans;
}

/** Lets a Ctrl-C that came meanwhile take effect: nothing is written or started after it. */
export async function unlessInterrupted({ signal }: Context): Promise<void> {
  await new Promise(setImmediate);
  signal.throwIfAborted();
}

/** A path as messages and Dockerfiles name it; `.` for the folder itself. */
export function posixRelative(from: string, to: string): string {
  return relative(from, to).replaceAll('\\', '/') || '.';
}

/** Columns as wide as their widest cell, two spaces between. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
