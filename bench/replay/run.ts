/**
 * How often does an app's install change over a repository's history, and how often would each way to write a Dockerfile run it again?
 *
 *   npx tsx bench/replay/run.ts [langfuse] [--repository DIR] [--app NAME]... [--head COMMIT] [--commits 200] [--turbo COMMAND]
 *                               [--verbose] [--write]
 *
 * A name of histories.ts brings its apps and its last commit; DIR, else `.`, is a clone, and nothing is checked out. --turbo
 * ("npx turbo@2.11.11") asks `turbo prune --docker` too: slow. --verbose tells why of every change. --write puts the rows into
 * bench/README.md. Exits with 1 where an install changed and Stowage's identity did not, or where that changed too often beside S3r.
 */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { writeRows } from '../readme.ts';
import { explainChange, neededThatDiffers } from './explain.ts';
import { allowedAbove, histories } from './histories.ts';
import { firstParents, git, subjectOf } from './history.ts';
import { type Moment, momentsAt } from './moment.ts';
import { TurboKeys } from './turbo.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repository: { type: 'string', default: '.' },
    app: { type: 'string', multiple: true },
    head: { type: 'string' },
    commits: { type: 'string', default: '200' },
    turbo: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const [name] = positionals;
const known = name === undefined ? undefined : histories[name];
if (name !== undefined && known === undefined) throw new Error(`no such history: ${name}; there are ${Object.keys(histories).join(', ')}`);
const options = { ...values, app: values.app ?? Object.keys(known?.apps ?? {}), head: values.head ?? known?.head ?? 'HEAD' };

interface Tally {
  transitions: number;
  needed: number;
  stowage: number;
  manifestsFirst: number;
  turbo: number;
  /** The install changed and Stowage's identity did not. */
  missed: number;
  /** Stowage's identity changed and the install did not. */
  needless: number;
}

const header = [
  '| app | transitions | needed | S3r | Stowage | `turbo prune` | manifests first | needless | missed |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];

process.exitCode = await main();

async function main(): Promise<number> {
  const { repository, app: apps, head, commits, turbo: command } = options;
  const turbo = command === undefined ? undefined : new TurboKeys(repository, command, 'npm@11.11.0');
  const tallies = new Map<string, Tally>(
    apps.map((app) => [app, { transitions: 0, needed: 0, stowage: 0, manifestsFirst: 0, turbo: 0, missed: 0, needless: 0 }]),
  );
  let before = new Map<string, Moment | string>();
  for (const commit of firstParents(repository, head, Number(commits))) {
    const after = await momentsAt(repository, commit, apps, turbo);
    for (const [app, tally] of tallies) compare(app, commit, before.get(app), after.get(app), tally);
    before = after;
  }
  const rows = [...tallies].map(([app, tally]) => renderRow(name ?? folderOf(repository), app, tally, turbo !== undefined));
  console.log([...header, ...rows].join('\n'));
  if (options.write) writeRows('replay', header, rows);
  return [...tallies].every(([app, tally]) => isWell(app, tally)) ? 0 : 1;
}

function folderOf(repository: string): string {
  const folder = git(repository, 'rev-parse', '--absolute-git-dir').trim();
  return basename(folder.replace(/\/\.git$/, ''));
}

/** No install is missed, and few are run that were not needed. */
function isWell(app: string, { missed, stowage, transitions }: Tally): boolean {
  return missed === 0 && (100 * stowage) / transitions <= (known?.apps[app] ?? Infinity) + allowedAbove;
}

function compare(app: string, commit: string, before: Moment | string | undefined, after: Moment | string | undefined, tally: Tally): void {
  if (typeof after === 'string') console.error(`${commit.slice(0, 9)} ${app}: ${after}`);
  if (typeof before !== 'object' || typeof after !== 'object') return;
  const needed = neededThatDiffers(before, after);
  const changed = before.deps !== after.deps;
  tally.transitions++;
  if (needed.length > 0) tally.needed++;
  if (changed) tally.stowage++;
  if (before.manifestsFirst !== after.manifestsFirst) tally.manifestsFirst++;
  if (before.turbo !== after.turbo) tally.turbo++;
  if (needed.length > 0 && !changed) tally.missed++;
  if (needed.length === 0 && changed) tally.needless++;
  const kind = needed.length > 0 ? (changed ? 'needed' : 'MISSED') : changed ? 'NEEDLESS' : undefined;
  if (kind === undefined || (kind === 'needed' && !options.verbose)) return;
  const reasons =
    kind === 'MISSED' ? needed.map((name) => `${name}: ${before.needed.get(name)} -> ${after.needed.get(name)}`) : explainChange(before, after);
  console.error(
    `${commit.slice(0, 9)} ${app}: ${kind} (${subjectOf(options.repository, commit)})\n${reasons.map((reason) => `    ${reason}`).join('\n')}`,
  );
}

function renderRow(repository: string, app: string, tally: Tally, withTurbo: boolean): string {
  const percent = (count: number): string => ((100 * count) / tally.transitions).toFixed(1);
  const turbo = withTurbo ? percent(tally.turbo) : '-';
  const cells = [
    tally.transitions,
    percent(tally.needed),
    known?.apps[app]?.toFixed(1) ?? '-',
    percent(tally.stowage),
    turbo,
    percent(tally.manifestsFirst),
    tally.needless,
    tally.missed,
  ];
  return `| ${repository} ${app} | ${cells.join(' | ')} |`;
}
