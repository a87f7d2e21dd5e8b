import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { readCases } from '../corpus/cases.ts';
import { type Measure, measure, median, ratio, stowage, turboProgram } from '../kit/measure.ts';
import { commitForTurbo } from '../kit/repository-copy.ts';
import { writeRows } from '../readme.ts';

/**
 * `stowage prune` against `turbo prune --docker` as whole processes: interleaved runs, medians, and ratios within each round. Usage: run.ts
 * [--rounds N] [--write] FOLDER=APP ... for checkouts with sources, or `--corpus` for every app of the corpus that STOWAGE_CORPUS names.
 */
const turbo = turboProgram();
const given = process.argv.slice(2);
const rounds = Number(given[given.indexOf('--rounds') + 1]) || 7;
const scratch = mkdtempSync(join(tmpdir(), 'stowage-bench-'));

/** `empty` is Node.js without a program, `manifests` leaves the sources unread, `cold` has no answers of an earlier run, `cached` those of the same. */
type Contestant = 'turbo' | 'empty' | 'manifests' | 'cold' | 'cached';

let folders = 0;

/** Writes to a new folder each time, and none is deleted meanwhile: ext4 is slow to make files for a minute after it lost as many. */
function prune(contestant: Contestant, folder: string, app: string): Measure {
  const out = join(scratch, 'out', String(folders++));
  const cache = join(scratch, 'cache', contestant);
  if (contestant === 'cold') rmSync(cache, { recursive: true, force: true });
  const imports = contestant === 'manifests' ? ['--no-imports'] : [];
  const commands = {
    turbo: [turbo, 'prune', app, '--docker', `--out-dir=${out}`],
    empty: [process.execPath, '--eval', '0'],
    stowage: [process.execPath, stowage, 'prune', app, '--out', out, ...imports],
  };
  return measure(commands[contestant === 'turbo' || contestant === 'empty' ? contestant : 'stowage'], folder, { XDG_CACHE_HOME: cache });
}

function compare(contestants: readonly Contestant[], folder: string, app: string): Map<Contestant, Measure[]> {
  const runs = new Map(contestants.map((contestant) => [contestant, [] as Measure[]]));
  for (const contestant of contestants) prune(contestant, folder, app);
  for (let round = 0; round < rounds; round++) for (const contestant of contestants) runs.get(contestant)?.push(prune(contestant, folder, app));
  return runs;
}

function figures(runs: readonly Measure[], others?: readonly Measure[]): string {
  const seconds = median(runs.map(({ wall }) => wall)).toFixed(2);
  const memory = median(runs.map((run) => run.memory)).toFixed(0);
  return others === undefined
    ? `${seconds} s, ${memory} MB`
    : `${ratio(runs, others, 'wall').toFixed(2)}x (${seconds} s), ${ratio(runs, others, 'memory').toFixed(2)}x (${memory} MB)`;
}

function checkouts(): void {
  const header = [
    '| checkout, app | turbo | empty Node | without imports | imports, cold | imports, cached |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  const rows = given
    .filter((word) => word.includes('='))
    .map((word) => {
      const [folder = '', app = ''] = word.split('=');
      const runs = compare(['turbo', 'empty', 'manifests', 'cold', 'cached'], resolve(folder), app);
      const [yardstick = [], ...own] = [...runs.values()];
      const row = `| ${basename(folder)} ${app} | ${figures(yardstick)} | ${own.map((run) => figures(run, yardstick)).join(' | ')} |`;
      console.log(row);
      return row;
    });
  if (given.includes('--write')) writeRows('prune', header, rows);
}

function corpus(): void {
  const header = ['| case, app | turbo | empty Node | without imports |', '| --- | --- | --- | --- |'];
  const rows: string[] = [];
  const { STOWAGE_CORPUS } = process.env;
  if (STOWAGE_CORPUS === undefined) throw new Error('STOWAGE_CORPUS names no folder of real monorepos');
  for (const { id, packageManager, apps } of readCases(STOWAGE_CORPUS)) {
    const copy = join(scratch, 'corpus', id);
    cpSync(join(STOWAGE_CORPUS, id), copy, { recursive: true, verbatimSymlinks: true });
    commitForTurbo(copy, `${packageManager.id}@${packageManager.version}`);
    for (const app of apps) {
      try {
        const runs = compare(['turbo', 'empty', 'manifests'], copy, app);
        const [yardstick = [], ...own] = [...runs.values()];
        rows.push(`| ${id} ${app} | ${figures(yardstick)} | ${own.map((run) => figures(run, yardstick)).join(' | ')} |`);
      } catch (error) {
        rows.push(
          `| ${id} ${app} | ${(error as Error).message.startsWith(turbo) ? 'fails' : 'not asked'} | - | ${(error as Error).message.startsWith(turbo) ? '-' : 'fails'} |`,
        );
      }
      console.log(rows.at(-1));
    }
  }
  if (given.includes('--write')) writeRows('prune-corpus', header, rows);
}

if (given.includes('--corpus')) corpus();
else checkouts();
console.log(`load: ${loadavg()[0]?.toFixed(1)}`);
rmSync(scratch, { recursive: true, force: true });
