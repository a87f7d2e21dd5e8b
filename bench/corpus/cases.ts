import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PackPlan, pack, readWorkspace, writePlan } from '@stowage/core';
import { type JudgeOptions, judge, type Verdict } from '../../tests/kit/judge.ts';

/** A real monorepo at one commit, as `cases.json` of the corpus describes it. */
export interface CorpusCase {
  readonly id: string;
  readonly repo: string;
  readonly commit: string;
  readonly packageManager: { readonly id: string; readonly version: string };
  readonly lockfile: { readonly file: string; readonly format: string; readonly version: string };
  readonly node: number;
  readonly apps: readonly string[];
  readonly workspaces: number;
  /** `pass`, or why the unpruned case fails. */
  readonly control: string;
  /** What is left over in the repository's own lockfile. */
  readonly controlStrict?: string;
  readonly installFlags?: readonly string[];
}

export interface PackedApp {
  readonly plan: PackPlan;
  readonly milliseconds: number;
}

export function readCases(corpus: string): readonly CorpusCase[] {
  return JSON.parse(readFileSync(join(corpus, 'cases.json'), 'utf8'));
}

/** Packs one app of a case into a folder. */
export async function packApp(corpus: string, { id }: CorpusCase, app: string, folder: string): Promise<PackedApp> {
  const start = performance.now();
  const workspace = await readWorkspace(join(corpus, id));
  const plan = await pack(workspace, app);
  const milliseconds = Math.round(performance.now() - start);
  await writePlan(plan, workspace, folder);
  return { plan, milliseconds };
}

/** Whether the case's own package manager installs what was packed. */
export async function judgeApp(
  corpus: string,
  corpusCase: CorpusCase,
  folder: string,
  mode: JudgeOptions['mode'],
): Promise<Readonly<Record<'deps' | 'prod', Verdict>>> {
  const { id, packageManager, node, controlStrict, installFlags } = corpusCase;
  const options: JudgeOptions = {
    mode,
    node,
    packageManager: `${packageManager.id}@${packageManager.version}`,
    base: controlStrict === undefined ? undefined : join(corpus, id),
    flags: installFlags,
  };
  const [deps, prod] = await Promise.all([judge(join(folder, 'deps'), options), judge(join(folder, 'prod'), options)]);
  if (!deps.rewritten && !prod.rewritten) return { deps, prod };
  const whole = await judge(join(corpus, id), { ...options, mode: 'lock', base: undefined });
  const asTheWhole = (verdict: Verdict): Verdict =>
    verdict.rewritten && whole.rewritten ? { ...verdict, outcome: 'pass', reason: `${verdict.reason}, as the unpruned one is` } : verdict;
  return { deps: asTheWhole(deps), prod: asTheWhole(prod) };
}
