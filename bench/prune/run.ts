import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeRows } from '../readme.ts';

/**
 * `stowage prune` against `turbo prune --docker` as whole processes: interleaved runs on full checkouts, medians of wall time, CPU time and peak
 * memory, and ratios within each round. Usage: run.ts [--rounds N] [--write] FOLDER=APP ... ; TURBO names turbo's program.
 */
const turbo = process.env.TURBO;
if (turbo === undefined) throw new Error('TURBO names no program');
const program = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url));
const given = process.argv.slice(2);
const rounds = Number(given[given.indexOf('--rounds') + 1]) || 7;
const targets = given.filter((word) => word.includes('=')).map((word) => word.split('=') as [string, string]);

interface Measure {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}
type Contestant = 'turbo' | 'cold' | 'warm';
const contestants: readonly Contestant[] = ['turbo', 'cold', 'warm'];

const scratch = mkdtempSync(join(tmpdir(), 'stowage-bench-'));

function measure(contestant: Contestant, folder: string, app: string): Measure {
  const out = join(scratch, contestant);
  const cache = join(scratch, 'cache', contestant);
  rmSync(out, { recursive: true, force: true });
  if (contestant === 'cold') rmSync(cache, { recursive: true, force: true });
  const command =
    contestant === 'turbo'
      ? [turbo as string, 'prune', app, '--docker', `--out-dir=${out}`]
      : [process.execPath, program, 'prune', app, '--out', out];
  const record = join(scratch, 'record');
  const { status, stderr } = spawnSync('/usr/bin/time', ['--format=%e %U %S %M', `--output=${record}`, ...command], {
    cwd: folder,
    env: { ...process.env, XDG_CACHE_HOME: cache, TURBO_TELEMETRY_DISABLED: '1' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command.join(' ')}\n${stderr}`);
  const [wall = 0, user = 0, system = 0, memory = 0] = readFileSync(record, 'utf8').trim().split(' ').map(Number);
  return { wall, cpu: user + system, memory: memory / 1024 };
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const rows = targets.map(([folder, app]) => {
  const runs: Record<Contestant, Measure[]> = { turbo: [], cold: [], warm: [] };
  for (const contestant of contestants) measure(contestant, resolve(folder), app);
  for (let round = 0; round < rounds; round++) for (const contestant of contestants) runs[contestant].push(measure(contestant, resolve(folder), app));
  const ratio = (contestant: Contestant): string =>
    median(runs[contestant].map(({ wall }, round) => wall / (runs.turbo[round]?.wall ?? 1))).toFixed(1);
  const figures = (contestant: Contestant): string => {
    const of = (key: keyof Measure): number => median(runs[contestant].map((run) => run[key]));
    return `${of('wall').toFixed(2)} s, ${of('cpu').toFixed(2)} s, ${of('memory').toFixed(0)} MB`;
  };
  return `| ${basename(folder)} ${app} | ${contestants.map(figures).join(' | ')} | ${ratio('cold')} | ${ratio('warm')} |`;
});
rmSync(scratch, { recursive: true, force: true });

const header = [
  '| checkout, app | turbo: wall, CPU, memory | stowage, cold cache of imports | stowage, warm | cold / turbo | warm / turbo |',
  '| --- | --- | --- | --- | --- | --- |',
];
console.log([...header, ...rows].join('\n'));
if (given.includes('--write')) writeRows('prune', header, rows);
