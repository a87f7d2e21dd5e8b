import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeMonorepo, writeMonorepo } from '../kit/made-monorepo.ts';
import { type Measure, measure, stowage, turboProgram } from '../kit/measure.ts';
import { plot, type Series } from '../kit/plot.ts';
import { commitForTurbo } from '../kit/repository-copy.ts';
import { writeRows } from '../readme.ts';

/**
 * Questions about all apps of a made monorepo at once, Stowage's answers beside those of turbo and Nx in the same run. `turbo prune` takes one app: a
 * sample is measured, and multiplied by the number of apps. Usage: run.ts [--sample N] [--only WORDS] [--write] [100:20 1000:200 5000:500],
 * packages and apps; `--only` asks those questions whose names begin so, and `--write` keeps the figures in scale.json and makes the table of
 * bench/README.md and scale.svg of all that are kept there.
 */
const given = process.argv.slice(2);
const sampleAt = given.indexOf('--sample');
const sampleSize = sampleAt < 0 ? 3 : Number(given[sampleAt + 1]);
const onlyAt = given.indexOf('--only');
const only = onlyAt < 0 ? '' : (given[onlyAt + 1] ?? '');
const named = given.flatMap((word) => (/^\d+:\d+$/.test(word) ? [word.split(':').map(Number) as [number, number]] : []));
const sizes: readonly [packages: number, apps: number][] =
  named.length > 0
    ? named
    : [
        [100, 20],
        [1000, 200],
        [5000, 500],
      ];
const turbo = turboProgram();
const scratch = mkdtempSync(join(tmpdir(), 'stowage-scale-'));

type Question = (folder: string, apps: readonly string[]) => Measure;

const ask =
  (command: readonly string[], env: Readonly<Record<string, string>> = {}): Question =>
  (folder) =>
    measure(command, folder, { XDG_CACHE_HOME: join(scratch, 'cache'), ...env });

let folders = 0;

/** Asks what writes a folder: a new one each time, and none goes before the end, as ext4 is slow to make files for a while after it lost as many. */
const askToWrite =
  (command: (out: string) => readonly string[]): Question =>
  (folder, apps) =>
    ask(command(join(scratch, 'out', String(folders++))))(folder, apps);

/** The time of one after the other, for all apps; the memory of the largest. */
const askOfEach = (command: (app: string, out: string) => readonly string[]): Question => {
  return (folder, apps) => {
    const step = Math.max(1, Math.floor(apps.length / sampleSize));
    const sample = apps.filter((_, index) => index > 0 && index % step === 0).slice(0, sampleSize); // the first app is larger than the others
    const runs = sample.map((app) => askToWrite((out) => command(app, out))(folder, apps));
    const total = (key: 'wall' | 'processor'): number => (runs.reduce((sum, run) => sum + run[key], 0) / runs.length) * apps.length;
    return { wall: total('wall'), processor: total('processor'), memory: Math.max(...runs.map(({ memory }) => memory)) };
  };
};

const own = [process.execPath, stowage];
const nx = fileURLToPath(import.meta.resolve('nx/package.json'));
const questions: readonly { readonly name: string; readonly colour: string; readonly dashed: boolean; readonly asked: Question }[] = [
  { name: 'stowage affected', colour: '#0b6e99', dashed: true, asked: ask([...own, 'affected', '--base', 'HEAD~1']) },
  { name: 'turbo ls --affected', colour: '#d9480f', dashed: true, asked: ask([turbo, 'ls', '--affected'], { TURBO_SCM_BASE: 'HEAD~1' }) },
  {
    name: 'nx --affected',
    colour: '#2b8a3e',
    dashed: true,
    asked: ask([process.execPath, join(dirname(nx), 'dist/bin/nx.js'), 'show', 'projects', '--affected', '--base=HEAD~1'], { NX_DAEMON: 'false' }),
  },
  { name: 'stowage prune --all', colour: '#0b6e99', dashed: false, asked: askToWrite((out) => [...own, 'prune', '--all', '--out', out, '--quiet']) },
  { name: 'stowage bake', colour: '#7048e8', dashed: false, asked: askToWrite((out) => [...own, 'bake', '--out', out]) },
  {
    name: 'turbo prune, each app',
    colour: '#d9480f',
    dashed: false,
    asked: askOfEach((app, out) => [turbo, 'prune', app, '--docker', `--out-dir=${out}`]),
  },
];

/** Two commits, the second of which edits a source of a library; Nx runs from where it is installed. */
function layOut(packages: number, apps: number, folder: string): readonly string[] {
  const made = makeMonorepo(packages, apps);
  writeMonorepo(made, folder);
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n.nx\nout\n');
  writeFileSync(join(folder, 'nx.json'), '{}\n');
  commitForTurbo(folder, 'pnpm@10.34.9');
  appendFileSync(join(folder, 'packages/lib-9/src/index.ts'), 'export const more = 1;\n');
  execFileSync('git', ['-C', folder, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', 'commit', '--all', '--quiet', '--message', 'Edit']);
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'node_modules/.modules.yaml'), '{"layoutVersion":5}\n'); // what Nx takes for a sign of an install by pnpm
  symlinkSync(dirname(nx), join(folder, 'node_modules/nx'));
  return made.apps;
}

const kept = fileURLToPath(new URL('scale.json', import.meta.url));
/** By number of packages, then by question. */
const results: Record<string, { apps: number; measured: Record<string, Measure> }> =
  given.includes('--write') && existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
for (const [packages, count] of sizes) {
  const folder = join(scratch, String(packages));
  const apps = layOut(packages, count, folder);
  const measured: Record<string, Measure> = { ...results[packages]?.measured };
  ask([...own, 'list'])(folder, apps); // reads every file once, so that none who is asked is the first
  for (const { name, asked } of questions.filter(({ name }) => name.startsWith(only))) {
    const { wall, processor, memory } = asked(folder, apps);
    const rounded = (value: number): number => Number(value.toPrecision(3));
    measured[name] = { wall: rounded(wall), processor: rounded(processor), memory: rounded(memory) };
    console.log(`${packages} packages, ${count} apps: ${name} ${shown(measured[name])} (load ${loadavg()[0]?.toFixed(1)})`);
  }
  results[packages] = { apps: count, measured };
  if (given.includes('--write')) keep();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 }); // git may still be tidying up in it
}
rmSync(scratch, { recursive: true, force: true });

function shown(measured: Measure | undefined): string {
  return measured === undefined ? '-' : `${seconds(measured.wall)} (${seconds(measured.processor)}), ${measured.memory.toFixed(0)} MB`;
}

function seconds(value: number): string {
  return `${value.toFixed(value < 100 ? 1 : 0)} s`;
}

function seriesOf(key: keyof Measure): Series[] {
  return questions.map(({ name, colour, dashed }) => ({
    name,
    colour,
    dashed,
    points: Object.entries(results).flatMap(([packages, { measured }]) =>
      measured[name] === undefined ? [] : [[Number(packages), measured[name][key]] as const],
    ),
  }));
}

/** After each size, so that a long run that is ended keeps what it has. */
function keep(): void {
  writeFileSync(kept, `${JSON.stringify(results, null, 2)}\n`);
  const header = [`| packages, apps | ${questions.map(({ name }) => name).join(' | ')} |`, `| --- |${' --- |'.repeat(questions.length)}`];
  const rows = Object.entries(results).map(
    ([packages, { apps, measured }]) => `| ${packages}, ${apps} | ${questions.map(({ name }) => shown(measured[name])).join(' | ')} |`,
  );
  writeRows('scale', header, rows);
  const panels = [
    { title: 'seconds of the processor', series: seriesOf('processor') },
    { title: 'memory, MB', series: seriesOf('memory') },
  ];
  writeFileSync(fileURLToPath(new URL('scale.svg', import.meta.url)), plot(panels));
}
