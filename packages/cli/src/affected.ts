import {
  type Affected,
  affectedApps,
  type Diagnostic,
  ErrorCode,
  type FoundBase,
  findBase,
  ImportCacheFolder,
  importCachePath,
  packer,
  readWorkspaceAt,
  type Side,
  StowageError,
  type UnknownBase,
  type Workspace,
} from '@stowage/core';
import type { Context } from './command.ts';

export interface BaseOptions {
  readonly base?: string;
  readonly onUnknownBase?: 'all' | 'fail';
}

/** What is compared with what. */
export interface Comparison {
  readonly head: Side;
  readonly base: (Side & { readonly found: FoundBase }) | { readonly unknown: string };
  /** Keeps what was read of sources for the next run. */
  save(): void;
}

/**
 * The working tree and the commit to compare it with, read once for all apps. A base that is not known is said, and follows the policy.
 * @throws StowageError UnknownCommit where the policy is `fail`
 */
export async function compareWithBase(context: Context, workspace: Workspace, options: BaseOptions): Promise<Comparison> {
  const cache = new ImportCacheFolder(importCachePath(workspace.root));
  const sideOf = (side: Workspace): Side => ({ workspace: side, pack: packer(side, { cache }) });
  const found = findBase(workspace.root, options.base, process.env);
  const base = 'unknown' in found ? found : await readBase(workspace, found);
  const save = () => cache.save();
  if ('unknown' in base) {
    if (options.onUnknownBase !== 'all') {
      const hint = `${base.fix}\nOr say --on-unknown-base all: every app then counts as affected.`;
      throw new StowageError(ErrorCode.UnknownCommit, `There is no base to compare with. ${base.unknown}`, { hint });
    }
    context.reporter.diagnostics([unknownBase(base)]);
    return { head: sideOf(workspace), base: { unknown: base.unknown }, save };
  }
  const side = { ...sideOf(base.workspace), found: base.found };
  context.reporter.diagnostics(notesOf(side.found));
  return { head: sideOf(workspace), base: side, save };
}

/** The affected apps of a comparison; the notes of single apps are told. */
export async function findAffected({ head, base, save }: Comparison, context: Context, only?: readonly string[]): Promise<Affected> {
  const affected = await affectedApps(head, base, only);
  save();
  if (!('unknown' in base))
    context.reporter.diagnostics(affected.apps.flatMap(({ name, problem }) => (problem === undefined ? [] : [unknownApp(name, problem)])));
  return affected;
}

async function readBase(workspace: Workspace, found: FoundBase): Promise<{ workspace: Workspace; found: FoundBase } | UnknownBase> {
  try {
    return { workspace: await readWorkspaceAt(workspace.root, found.commit), found };
  } catch (error) {
    if (!(error instanceof StowageError)) throw error;
    return {
      unknown: `The workspace cannot be read as it was at ${shown(found)}: ${error.message}`,
      fix: 'Name a commit that can be read: --base COMMIT.',
    };
  }
}

export function shown({ commit, from }: FoundBase): string {
  return `${commit.slice(0, 12)} (${from})`;
}

function notesOf(found: FoundBase): Diagnostic[] {
  const told: Diagnostic = { level: 'info', code: 'base', message: `Compared with ${shown(found)}.` };
  return [told, ...found.notes.map((message): Diagnostic => ({ level: 'warning', code: 'base', message }))];
}

function unknownBase({ unknown, fix }: UnknownBase): Diagnostic {
  return { level: 'warning', code: 'unknown-base', message: `Every app counts as affected: there is no base to compare with. ${unknown}`, hint: fix };
}

function unknownApp(name: string, problem: string): Diagnostic {
  return { level: 'warning', code: 'unknown-base', message: `${name} counts as affected: it cannot be planned as it was at the base. ${problem}` };
}
