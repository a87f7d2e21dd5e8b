/**
 * Does `affected` tell exactly the images that differ? Each of a repository's last commits is checked out and every app pruned; what `diff -r`
 * says of an app's folders before and after is the truth.
 *
 *   npm run bench:affected -- [--commits 200] [--engine 20] [--write] CLONE ...
 *
 * With --engine, BuildKit is asked which steps it runs again (`engine-record.ts`) for up to so many affected images: one of each commit that changes
 * an install, and one of each fifth commit. CLONE has the objects of these commits; it is not touched. Exits with 1 where an answer was wrong.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type AffectedApp,
  affectedApps,
  listApps,
  type PackPlan,
  packer,
  readWorkspace,
  readWorkspaceAt,
  stepsOf,
  type Workspace,
  writePlan,
} from '@stowage/core';
import { sameFolder } from '../../tests/kit/same-folder.ts';
import { writeRows } from '../readme.ts';
import { firstParents, git } from '../replay/history.ts';
import { type Packed, rebuiltSteps } from './engine-record.ts';

const { values: options, positionals: clones } = parseArgs({
  allowPositionals: true,
  options: {
    commits: { type: 'string', default: '200' },
    engine: { type: 'string', default: '0' },
    write: { type: 'boolean', default: false },
  },
});

interface Tally {
  steps: number;
  leftOut: number;
  compared: number;
  affected: number;
  missed: number;
  needless: number;
  /** Images whose steps BuildKit was asked about, and those where it ran others than the answer names. */
  built: number;
  otherwise: number;
}

/** A commit as it was pruned: the apps that can be, each with its folder. */
interface Moment {
  readonly commit: string;
  readonly workspace: Workspace;
  readonly plans: ReadonlyMap<string, PackPlan>;
  readonly folders: ReadonlyMap<string, string>;
}

const header = ['| repository | steps | left out | apps compared | affected | missed | needless |', '| --- | --- | --- | --- | --- | --- | --- |'];
const engineHeader = ['| repository | images built again | with the steps that were told | with others |', '| --- | --- | --- | --- |'];

process.exitCode = await main();

async function main(): Promise<number> {
  let wrong = 0;
  for (const clone of clones) {
    const tally = await judge(resolve(clone));
    wrong += tally.missed + tally.needless + tally.otherwise;
    const { steps, leftOut, compared, affected, missed, needless, built, otherwise } = tally;
    report('affected', header, [basename(resolve(clone)), steps, leftOut, compared, affected, missed, needless]);
    if (built > 0) report('affected-engine', engineHeader, [basename(resolve(clone)), built, built - otherwise, otherwise]);
  }
  return wrong === 0 ? 0 : 1;
}

function report(table: string, head: readonly string[], cells: readonly (string | number)[]): void {
  const row = `| ${cells.join(' | ')} |`;
  console.log([...head, row].join('\n'));
  if (options.write) writeRows(table, head, [row]);
}

async function judge(clone: string): Promise<Tally> {
  const scratch = mkdtempSync(join(tmpdir(), 'stowage-affected-'));
  const checkout = join(scratch, 'checkout');
  execFileSync('git', ['clone', '--quiet', '--shared', '--no-checkout', clone, checkout]);
  const tally: Tally = { steps: 0, leftOut: 0, compared: 0, affected: 0, missed: 0, needless: 0, built: 0, otherwise: 0 };
  const cache = new Map<string, unknown>();
  let before: Moment | undefined;
  for (const commit of firstParents(clone, 'HEAD', Number(options.commits))) {
    const after = await pruneAt(checkout, commit, join(scratch, commit), cache);
    if (before !== undefined && after !== undefined) await compare(checkout, before, after, cache, tally);
    else if (before !== undefined || after === undefined) tally.leftOut++;
    if (before !== undefined) rmSync(join(scratch, before.commit), { recursive: true, force: true });
    before = after;
    if (tally.steps % 10 === 0) console.error(`${basename(clone)}: ${JSON.stringify(tally)}`);
  }
  rmSync(scratch, { recursive: true, force: true });
  return tally;
}

async function pruneAt(checkout: string, commit: string, out: string, cache: Map<string, unknown>): Promise<Moment | undefined> {
  try {
    git(checkout, 'checkout', '--quiet', '--force', '--detach', commit);
    git(checkout, 'clean', '-ffdxq');
    const workspace = await readWorkspace(checkout);
    const pack = packer(workspace, { cache });
    const plans = new Map<string, PackPlan>();
    const folders = new Map<string, string>();
    for (const { id } of listApps(workspace)) {
      const plan = await pack(workspace.importers.find((importer) => importer.id === id) ?? id);
      folders.set(id, join(out, id.replaceAll('/', '+')));
      plans.set(id, plan);
      await writePlan(plan, workspace, folders.get(id) as string);
    }
    return { commit, workspace, plans, folders };
  } catch (error) {
    console.error(`${commit.slice(0, 9)} cannot be packed: ${error}`);
    return undefined;
  }
}

/** The base is read from its commit, as the command line does it; the folders are of checkouts. */
async function compare(checkout: string, before: Moment, after: Moment, cache: Map<string, unknown>, tally: Tally): Promise<void> {
  const base = await readWorkspaceAt(checkout, before.commit);
  const head = { workspace: after.workspace, pack: async ({ id }: { id: string }) => after.plans.get(id) as PackPlan };
  const { apps } = await affectedApps(head, { workspace: base, pack: packer(base, { cache }) });
  tally.steps++;
  for (const [id, folder] of after.folders) {
    const earlier = before.folders.get(id);
    const differs = earlier === undefined || !sameFolder(earlier, folder);
    const answer = apps.find((app) => app.id === id);
    tally.compared++;
    if (differs) tally.affected++;
    if (differs === (answer !== undefined)) continue;
    tally[differs ? 'missed' : 'needless']++;
    console.error(`${after.commit.slice(0, 9)} ${id}: ${differs ? 'MISSED' : `NEEDLESS (${JSON.stringify(answer?.changes[0])})`}`);
  }
  const changed = apps.filter(({ reason }) => reason === 'changed');
  const installs = changed.find(({ changes }) => changes.some(({ steps }) => steps.includes('install')));
  const sample = installs ?? (tally.steps % 5 === 0 ? changed[0] : undefined);
  if (sample !== undefined && tally.built < Number(options.engine)) await compareWithEngine(sample, before, after, tally);
}

async function compareWithEngine({ id, changes }: AffectedApp, before: Moment, after: Moment, tally: Tally): Promise<void> {
  const packed = ({ plans, folders }: Moment): Packed => ({ plan: plans.get(id) as PackPlan, folder: folders.get(id) as string });
  const ran = await rebuiltSteps(packed(before), packed(after));
  const told = stepsOf(packed(after).plan).filter((step) => changes.some(({ steps }) => steps.includes(step)));
  tally.built++;
  const right = ran.join() === told.join();
  if (!right) tally.otherwise++;
  console.error(`${after.commit.slice(0, 9)} ${id}: BuildKit ran ${ran.join(', ')}${right ? '' : `; TOLD ${told.join(', ')}`}`);
}
