/**
 * Real apps, from a checkout to a container that answers: `stowage build` against an expert's Dockerfile, in one run.
 *
 *   REAL_APPS=DIR REAL_APPS_EXPERTS=DIR npx tsx bench/real-apps/run.ts [--only stowage|expert] [--write] [plane/admin ...]
 *
 * REAL_APPS holds a git clone per repository, REAL_APPS_EXPERTS a `<case>-<app>.Dockerfile` per app; bench/README.md says more. --write puts
 * the rows into bench/README.md. Exits with 1 where an app does not build or answer, or an image adds more than 1.05 times the expert's.
 */
import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { buildProgram } from '../../tests/kit/cli.ts';
import { writeRows } from '../readme.ts';
import { stagesThatRan, type Timed } from './build-record.ts';
import { realApps } from './cases.ts';
import { Checkout } from './checkout.ts';
import { addedToBase } from './image-size.ts';
import type { Edit, RealApp } from './real-app.ts';
import { Running } from './running.ts';
import { expertSide, type Side, stowageSide } from './sides.ts';

const scenarios = ['cold', 'unchanged', 'source edited', "other's dependency"] as const;
type Scenario = (typeof scenarios)[number];

interface Outcome {
  readonly added: number;
  readonly seen: string;
  readonly load: number;
  readonly builds: ReadonlyMap<Scenario, Timed>;
}

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, write: { type: 'boolean', default: false } },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const { REAL_APPS: clones, REAL_APPS_EXPERTS: experts } = process.env;
  if (clones === undefined || experts === undefined) throw new Error('REAL_APPS and REAL_APPS_EXPERTS must name folders: see bench/README.md');
  const chosen = realApps.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  if (chosen.length === 0) throw new Error(`no such app: ${wanted.join(', ')}; there are ${realApps.map(({ id }) => id).join(', ')}`);
  await buildProgram();
  const rows: string[] = [];
  let well = true;
  for (const real of chosen) {
    const [ours, theirs] = [await measure(real, clones, 'stowage'), await measure(real, clones, 'expert', experts)];
    const row = rowOf(real, ours, theirs);
    console.log(row);
    rows.push(row);
    well &&= typeof ours === 'object' && (typeof theirs !== 'object' || ours.added <= theirs.added * 1.05);
  }
  if (options.write) writeRows('real-apps', header, rows);
  return well ? 0 : 1;
}

/** All scenarios of one side; what went wrong where something did. */
async function measure(real: RealApp, clones: string, name: Side['name'], experts = ''): Promise<Outcome | string> {
  if (options.only !== undefined && options.only !== name) return 'not run';
  const checkout = new Checkout(real, clones);
  if (name === 'stowage') checkout.configure(real);
  const side = name === 'stowage' ? stowageSide(real, checkout) : expertSide(real, checkout, experts);
  const tag = `stowage-real-apps/${real.id.replace('/', '-')}:${name}`;
  const running = new Running(tag);
  try {
    return await measureSide(real, side, checkout, running);
  } catch (error) {
    console.error(`${real.id}, ${name}: ${error instanceof Error ? error.message : error}`);
    return 'failed';
  } finally {
    running.close();
    side.close();
    checkout.remove();
  }
}

async function measureSide(real: RealApp, side: Side, checkout: Checkout, running: Running): Promise<Outcome> {
  const edits: Readonly<Record<Scenario, readonly Edit[]>> = {
    cold: [],
    unchanged: [],
    'source edited': [real.source],
    "other's dependency": real.foreignDependency,
  };
  const stores = randomUUID();
  const load = loadavg()[0] ?? 0;
  const builds = new Map<Scenario, Timed>();
  let outcome = { added: 0, seen: '' };
  for (const scenario of scenarios) {
    for (const edit of edits[scenario]) checkout.edit(edit);
    const tag = scenario === 'cold' ? running.image : `${running.image}-changed`;
    const build = await side.build(tag, { stores, cold: scenario === 'cold', buildArgs: real.buildArgs ?? {} });
    console.error(`${real.id}, ${side.name}, ${scenario}: ${build.seconds.toFixed(1)} s, ran ${stagesThatRan(build.steps).join(', ') || 'nothing'}`);
    builds.set(scenario, build);
    checkout.restore();
    if (scenario === 'cold') outcome = { added: addedToBase(tag, side.dockerfile()), seen: await real.check(running) };
  }
  return { ...outcome, load, builds };
}

const header = [
  `| app | adds to its base: Stowage / expert, MB | ${scenarios.join(' | ')} | check | load |`,
  `| --- | --- | ${scenarios.map(() => '---').join(' | ')} | --- | --- |`,
];

function rowOf({ id }: RealApp, ours: Outcome | string, theirs: Outcome | string): string {
  const both = (show: (outcome: Outcome) => string): string =>
    [ours, theirs].map((side) => (typeof side === 'string' ? side : show(side))).join(' / ');
  const ratio = typeof ours === 'object' && typeof theirs === 'object' ? ` (${(ours.added / theirs.added).toFixed(2)}x)` : '';
  const cells = scenarios.map((scenario) => both(({ builds }) => told(builds.get(scenario) as Timed, scenario)));
  return `| ${[id, both(({ added }) => added.toFixed(1)) + ratio, ...cells, both(({ seen }) => seen), both(({ load }) => load.toFixed(0))].join(' | ')} |`;
}

function told({ seconds, steps }: Timed, scenario: Scenario): string {
  const ran = stagesThatRan(steps);
  return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s${scenario === 'cold' ? '' : ran.length === 0 ? ', all cached' : `, ran ${ran.join(' and ')}`}`;
}
