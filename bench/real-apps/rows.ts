import { stagesThatRan, type Timed } from './build-record.ts';
import { type Outcome, type TimedBuild, timedBuilds } from './measure.ts';
import { changes, type RealApp } from './real-app.ts';
import type { SideName } from './sides.ts';

type Outcomes = Partial<Record<SideName, Outcome>>;

export const header = tableHead('app', 'adds to its base: Stowage / expert, MB', ...timedBuilds, 'check', 'load');
export const contextsHeader = tableHead('app', ...changes);

function tableHead(...cells: string[]): string[] {
  return [`| ${cells.join(' | ')} |`, `| ${cells.map(() => '---').join(' | ')} |`];
}

/** One app: sizes, times and checks of Stowage's side and another's. */
export function rowsOf({ id }: RealApp, { stowage, expert, own }: Outcomes): string[] {
  return [rowOf(id, stowage, expert), ...(own === undefined ? [] : [rowOf(`${id}, against the repository's own`, stowage, own)])];
}

function rowOf(name: string, ours: Outcome | undefined, theirs: Outcome | undefined): string {
  const sides = [ours, theirs];
  const both = (show: (outcome: Outcome) => string): string =>
    sides.map((side) => (side === undefined ? 'not run' : side.failed === undefined ? show(side) : 'failed')).join(' / ');
  const compared = sides.every((side) => side !== undefined && side.failed === undefined);
  const ratio = compared ? ` (${((ours?.added ?? 0) / (theirs?.added ?? 1)).toFixed(2)}x)` : '';
  const cells = timedBuilds.map((scenario) => both(({ builds }) => told(builds.get(scenario) as Timed, scenario)));
  const [weSee, theySee] = sides.map((side) => side?.seen);
  const seen = weSee === theySee && compared ? `both: ${weSee}` : both((outcome) => outcome.seen);
  return `| ${[name, both(({ added }) => added.toFixed(1)) + ratio, ...cells, seen, both(({ load }) => load.toFixed(0))].join(' | ')} |`;
}

/** What each change changes of the build context: a row per side of an app. */
export function contextsRows({ id }: RealApp, outcomes: Outcomes): string[] {
  return Object.entries(outcomes)
    .filter(([, { failed }]) => failed === undefined)
    .map(
      ([name, { parts }]) =>
        `| ${[`${id}: ${sideNames[name as SideName]}`, ...changes.map((change) => parts.get(change)?.join(', ') || '-')].join(' | ')} |`,
    );
}

const sideNames: Readonly<Record<SideName, string>> = { stowage: 'Stowage', expert: 'expert', own: "repository's own" };

function told({ seconds, steps }: Timed, scenario: TimedBuild): string {
  const ran = stagesThatRan(steps);
  return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s${scenario === 'cold' ? '' : ran.length === 0 ? ', all cached' : `, ran ${ran.join(' and ')}`}`;
}
