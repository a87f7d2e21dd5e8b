/**
 * Packs every app of the corpus of real monorepos and asks each one's own package manager whether it installs the result as frozen.
 *
 *   npx tsx bench/corpus/run.ts [--case ID]... [--manager pnpm|npm|yarn-classic|yarn-berry|bun]... [--mode lock|strict|full] [--write]
 *
 * STOWAGE_CORPUS is the folder with cases.json, STOWAGE_JUDGE the judge. --write puts the rows into the table in bench/README.md, those of other
 * cases staying as they are.
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

/** What a report says of some cases: rows of its table, and notes below it. */
interface Part {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
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
  const cases = readCases(corpus);
  const chosen = cases.filter(({ id, lockfile }) => (options.case?.includes(id) ?? true) && (options.manager?.includes(lockfile.format) ?? true));
  const folder = mkdtempSync(join(tmpdir(), 'stowage-corpus-'));
  try {
    const jobs = chosen.flatMap((corpusCase) => corpusCase.apps.map((app) => () => run(corpus, corpusCase, app, folder, mode)));
    const rows = await inOrder(jobs, 2);
    const part: Part = { lines: rows.map(lineOf), notes: rows.flatMap(notesOf) };
    console.log([...part.lines, ...part.notes].join('\n'));
    if (options.write) writeReport(part, cases, new Set(chosen.map(({ id }) => id)), mode);
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

function lineOf(row: Row): string {
  const { corpusCase, app, deps, prod } = row;
  const kept = `${row.workspaces ?? '-'} / ${corpusCase.workspaces}`;
  const manager = `${corpusCase.lockfile.format} ${corpusCase.packageManager.version}`;
  const cells = [corpusCase.id, app, manager, kept, row.packages ?? '-', deps.outcome, prod.outcome, row.milliseconds ?? '-'];
  return `| ${cells.join(' | ')} |`;
}

/** What the package manager said where it refused a lockfile, or would write it otherwise, as it would the unpruned one. */
function notesOf({ corpusCase, app, deps, prod }: Row): string[] {
  if (corpusCase.control !== 'pass') return [];
  return Object.entries({ deps, prod }).flatMap(([mode, { outcome, rewritten, reason }]) =>
    outcome === 'pass' && !rewritten ? [] : [`- ${corpusCase.id} ${app}, ${mode}: ${outcome}, ${reason}`],
  );
}

function writeReport(part: Part, cases: readonly CorpusCase[], chosen: ReadonlySet<string>, mode: JudgeOptions['mode']): void {
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '# Benchmarks\n';
  const [from, to] = [text.indexOf(startMark), text.indexOf(endMark)];
  const known = from < 0 || to < 0 ? '' : text.slice(from, to);
  const section = `${startMark}\n${renderReport(merged(known, part, cases, chosen), cases, mode)}\n${endMark}`;
  writeFileSync(readme, known === '' ? `${text}\n${section}\n` : text.slice(0, from) + section + text.slice(to + endMark.length));
}

/** The lines of a report, those of the chosen cases being new ones, in the order of the cases. */
function merged(report: string, part: Part, cases: readonly CorpusCase[], chosen: ReadonlySet<string>): Part {
  const places = new Map(cases.map(({ id }, index) => [id, index]));
  const caseOf = (line: string): string => /^[|-] (\S+) /.exec(line)?.[1] ?? '';
  const placeOf = (line: string): number => places.get(caseOf(line)) ?? 0;
  const kept = report.split('\n').filter((line) => places.has(caseOf(line)) && !chosen.has(caseOf(line)));
  const inOrder = (mark: string, fresh: readonly string[]): string[] =>
    [...kept.filter((line) => line.startsWith(mark)), ...fresh].sort((a, b) => placeOf(a) - placeOf(b));
  return { lines: inOrder('|', part.lines), notes: inOrder('-', part.notes) };
}

function renderReport({ lines, notes }: Part, cases: readonly CorpusCase[], mode: JudgeOptions['mode']): string {
  const unsound = cases.filter(({ control }) => control !== 'pass');
  const sound = lines.filter((line) => !unsound.some(({ id }) => line.startsWith(`| ${id} `)));
  const listed = (title: string, items: readonly string[]): string[] => (items.length === 0 ? [] : ['', title, ...items]);
  return [
    `${sound.filter((line) => line.includes('| pass | pass |')).length} of ${sound.length} apps pass \`${mode}\` in \`deps\` and \`prod\`.`,
    '',
    '| case | app | package manager | workspaces kept | packages | deps | prod | ms |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    ...listed(
      'Not counted, as the repository itself fails unpruned:',
      unsound.map(({ id, control }) => `- ${id}: ${control}`),
    ),
    ...listed('What the package manager said besides:', notes),
  ].join('\n');
}
