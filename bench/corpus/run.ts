/**
 * Packs every app of the corpus of real monorepos and asks each one's own package manager whether it installs the result as frozen.
 *
 *   npx tsx bench/corpus/run.ts [--case ID]... [--manager pnpm|npm|yarn-classic|yarn-berry|bun]... [--mode lock|strict|full] [--write]
 *
 * STOWAGE_CORPUS is the folder with cases.json, STOWAGE_JUDGE the judge. --write puts the whole table into bench/README.md.
 * Exits with 1 where an app failed whose repository passes unpruned.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { JudgeOptions, Verdict } from '../../tests/kit/judge.ts';
import { type CorpusCase, judgeApp, packApp, readCases } from './cases.ts';

interface Row {
  readonly corpusCase: CorpusCase;
  readonly app: string;
  readonly workspaces?: number;
  readonly packages?: number;
  readonly milliseconds?: number;
  readonly deps: Verdict;
  readonly prod: Verdict;
}

const modes = ['lock', 'strict', 'full'] as const;
const readme = fileURLToPath(new URL('../README.md', import.meta.url));
const [startMark, endMark] = ['<!-- corpus:start -->', '<!-- corpus:end -->'];

const { values: options } = parseArgs({
  options: {
    case: { type: 'string', multiple: true },
    manager: { type: 'string', multiple: true },
    mode: { type: 'string', default: 'strict' },
    write: { type: 'boolean', default: false },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  const { STOWAGE_CORPUS: corpus, STOWAGE_JUDGE: program } = process.env;
  const mode = modes.find((known) => known === options.mode);
  if (corpus === undefined || program === undefined || mode === undefined) {
    console.error(mode === undefined ? `--mode is one of ${modes.join(', ')}.` : 'Set STOWAGE_CORPUS and STOWAGE_JUDGE.');
    return 2;
  }
  if (options.write && (options.case ?? options.manager) !== undefined) {
    console.error('--write is for the whole table: leave out --case and --manager.');
    return 2;
  }
  const chosen = readCases(corpus).filter(
    ({ id, lockfile }) => (options.case?.includes(id) ?? true) && (options.manager?.includes(lockfile.format) ?? true),
  );
  const folder = mkdtempSync(join(tmpdir(), 'stowage-corpus-'));
  try {
    const jobs = chosen.flatMap((corpusCase) => corpusCase.apps.map((app) => () => run(corpus, corpusCase, app, folder, mode)));
    const rows = await inOrder(jobs, 2);
    const report = renderReport(rows, mode);
    console.log(report);
    if (options.write) writeReport(report);
    return rows.some((row) => row.corpusCase.control === 'pass' && !isPassed(row)) ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(corpus: string, corpusCase: CorpusCase, app: string, folder: string, mode: JudgeOptions['mode']): Promise<Row> {
  const target = join(folder, corpusCase.id, app.replace('/', '+'));
  try {
    const { plan, milliseconds } = await packApp(corpus, corpusCase, app, target);
    const verdicts = await judgeApp(corpus, corpusCase, target, mode);
    const row = { corpusCase, app, workspaces: plan.closure.build.length, packages: plan.resolutions.length, milliseconds, ...verdicts };
    console.error(`${isPassed(row) ? 'pass' : 'FAIL'} ${corpusCase.id} ${app}`);
    return row;
  } catch (error) {
    const verdict: Verdict = { outcome: 'fail', rewritten: false, reason: `not packed: ${error instanceof Error ? error.message : String(error)}` };
    console.error(`FAIL ${corpusCase.id} ${app}: ${verdict.reason}`);
    return { corpusCase, app, deps: verdict, prod: verdict };
  }
}

async function inOrder<Value>(jobs: readonly (() => Promise<Value>)[], atOnce: number): Promise<Value[]> {
  const results: Value[] = [];
  const queue = jobs.entries();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [index, job] of queue) results[index] = await job();
    }),
  );
  return results;
}

function isPassed({ deps, prod }: Row): boolean {
  return deps.outcome === 'pass' && prod.outcome === 'pass';
}

function renderReport(rows: readonly Row[], mode: JudgeOptions['mode']): string {
  const sound = rows.filter(({ corpusCase }) => corpusCase.control === 'pass');
  const lines = rows.map((row) => {
    const { corpusCase, app, deps, prod } = row;
    const kept = row.workspaces === undefined ? `- / ${corpusCase.workspaces}` : `${row.workspaces} / ${corpusCase.workspaces}`;
    const manager = `${corpusCase.lockfile.format} ${corpusCase.packageManager.version}`;
    const cells = [corpusCase.id, app, manager, kept, row.packages ?? '-', deps.outcome, prod.outcome, row.milliseconds ?? '-'];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `${sound.filter(isPassed).length} of ${sound.length} apps pass \`${mode}\` in \`deps\` and \`prod\`.`,
    '',
    '| case | app | package manager | workspaces kept | packages | deps | prod | ms |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    ...notes(rows),
  ].join('\n');
}

function notes(rows: readonly Row[]): string[] {
  const controls = new Map(
    rows.filter(({ corpusCase }) => corpusCase.control !== 'pass').map(({ corpusCase }) => [corpusCase.id, corpusCase.control]),
  );
  const failures = rows
    .filter(({ corpusCase }) => corpusCase.control === 'pass')
    .flatMap(({ corpusCase, app, deps, prod }) => [
      ...(deps.outcome === 'pass' ? [] : [`- ${corpusCase.id} ${app}, deps: ${deps.reason}`]),
      ...(prod.outcome === 'pass' ? [] : [`- ${corpusCase.id} ${app}, prod: ${prod.reason}`]),
    ]);
  const unsound = [...controls].map(([id, control]) => `- ${id}: ${control}`);
  return [
    ...(unsound.length === 0 ? [] : ['', 'Not counted, as the repository itself fails unpruned:', ...unsound]),
    ...(failures.length === 0 ? [] : ['', 'Failures:', ...failures]),
  ];
}

function writeReport(report: string): void {
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '# Benchmarks\n';
  const section = `${startMark}\n${report}\n${endMark}`;
  const [from, to] = [text.indexOf(startMark), text.indexOf(endMark)];
  writeFileSync(readme, from < 0 || to < 0 ? `${text}\n${section}\n` : text.slice(0, from) + section + text.slice(to + endMark.length));
}
