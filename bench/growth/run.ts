import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeMonorepo, writeMonorepo } from '../kit/made-monorepo.ts';
import { type Measure, measure, median, stowage, turboProgram } from '../kit/measure.ts';
import { plot, type Series } from '../kit/plot.ts';
import { commitForTurbo } from '../kit/repository-copy.ts';
import { writeRows } from '../readme.ts';

/**
 * How time and memory grow with a made monorepo's number of packages, Stowage's beside turbo's in the same rounds. Usage:
 * run.ts [--rounds N] [--write] [10 100 1000 3000]; `--write` keeps the figures in growth.json and makes the table of bench/README.md and growth.svg
 * of all that are kept there.
 */
const given = process.argv.slice(2);
const roundsAt = given.indexOf('--rounds');
const rounds = roundsAt < 0 ? 5 : Number(given[roundsAt + 1]);
const named = given.filter((word, index) => /^\d+$/.test(word) && index !== roundsAt + 1).map(Number);
const sizes = named.length > 0 ? named : [10, 100, 1000, 3000];
const turbo = turboProgram();

interface Contestant {
  readonly name: string;
  readonly colour: string;
  readonly dashed: boolean;
  command(app: string, out: string): readonly string[];
}

const run = [process.execPath, stowage];
const contestants: readonly Contestant[] = [
  { name: 'stowage prune', colour: '#0b6e99', dashed: false, command: (app, out) => [...run, 'prune', app, '--out', out] },
  { name: 'turbo prune', colour: '#d9480f', dashed: false, command: (app, out) => [turbo, 'prune', app, '--docker', `--out-dir=${out}`] },
  { name: 'stowage list', colour: '#0b6e99', dashed: true, command: () => [...run, 'list'] },
  { name: 'turbo ls', colour: '#d9480f', dashed: true, command: () => [turbo, 'ls'] },
];

const scratch = mkdtempSync(join(tmpdir(), 'stowage-growth-'));
const kept = fileURLToPath(new URL('growth.json', import.meta.url));
/** By number of packages, then by contestant. */
const results: Record<string, Record<string, Measure>> = given.includes('--write') && existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
for (const size of sizes) {
  const folder = join(scratch, String(size));
  const made = makeMonorepo(size);
  writeMonorepo(made, folder);
  commitForTurbo(folder, 'pnpm@10.34.9');
  const runs = new Map(contestants.map(({ name }) => [name, [] as Measure[]]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, command } of contestants) {
      const out = join(scratch, 'out', `${size}-${round}-${name}`); // nothing is deleted meanwhile: see bench/prune
      const measured = measure(command(made.apps[0] ?? '', out), folder, { XDG_CACHE_HOME: join(scratch, 'cache') });
      if (round >= 0) runs.get(name)?.push(measured); // the round before the first fills the caches
    }
  }
  const medians = [...runs].map(([name, measures]) => {
    const of = (key: keyof Measure): number => Number(median(measures.map((one) => one[key])).toPrecision(3));
    return [name, { wall: of('wall'), processor: of('processor'), memory: of('memory') }] as const;
  });
  results[size] = Object.fromEntries(medians);
  console.log(size, ...medians.map(([name, measured]) => `${name}: ${shown(measured)}`));
}
rmSync(scratch, { recursive: true, force: true });
console.log(`load: ${loadavg()[0]?.toFixed(1)}`);

function shown(measured: Measure | undefined): string {
  return measured === undefined ? '-' : `${measured.wall.toFixed(2)} s, ${measured.memory.toFixed(0)} MB`;
}

function seriesOf(key: keyof Measure): Series[] {
  return contestants.map(({ name, colour, dashed }) => ({
    name,
    colour,
    dashed,
    points: Object.entries(results).flatMap(([size, measured]) =>
      measured[name] === undefined ? [] : [[Number(size), measured[name][key]] as const],
    ),
  }));
}

if (given.includes('--write')) {
  writeFileSync(kept, `${JSON.stringify(results, null, 2)}\n`);
  const header = [`| packages | ${contestants.map(({ name }) => name).join(' | ')} |`, `| --- |${' --- |'.repeat(contestants.length)}`];
  const rows = Object.entries(results).map(([size, measured]) => `| ${size} | ${contestants.map(({ name }) => shown(measured[name])).join(' | ')} |`);
  writeRows('growth', header, rows);
  const panels = [
    { title: 'seconds', series: seriesOf('wall') },
    { title: 'memory, MB', series: seriesOf('memory') },
  ];
  writeFileSync(fileURLToPath(new URL('growth.svg', import.meta.url)), plot(panels));
}
