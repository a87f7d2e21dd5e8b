import { loadavg } from 'node:os';
import { stagesThatRan, type Timed } from './build-record.ts';
import { addedToBase } from './image-size.ts';
import { type Change, changes, type RealApp } from './real-app.ts';
import type { Changed } from './relock.ts';
import { Running } from './running.ts';
import type { Side } from './sides.ts';

/** Builds that are timed from end to end; of the other changes only what runs again is found. */
export const timedBuilds = ['cold', 'unchanged', "app's source", "other's dependency"] as const;
export type TimedBuild = (typeof timedBuilds)[number];

/** What was found of one side. */
export interface Outcome {
  /** Megabytes over the base image. */
  added: number;
  /** What the check saw. */
  seen: string;
  /** Load of the machine over the last minute, at the end of the cold build. */
  load: number;
  readonly builds: Map<TimedBuild, Timed>;
  /** Stages that run again after a change; nothing where all are cached. */
  readonly ran: Map<Change, readonly string[]>;
  failed?: string;
}

export interface Measuring {
  readonly side: Side;
  readonly running: Running;
  readonly stores: string;
  readonly outcome: Outcome;
}

export function startMeasuring({ id }: RealApp, side: Side, stores: string): Measuring {
  const running = new Running(`stowage-real-apps/${id.replace('/', '-')}:${side.name}`);
  return { side, running, stores, outcome: { added: 0, seen: '', load: 0, builds: new Map(), ran: new Map() } };
}

/** All scenarios of an app's sides, in turn; a side that fails drops out. */
export async function measure(real: RealApp, sides: readonly Measuring[], changed: ReadonlyMap<Change, Changed>): Promise<void> {
  const scenarios: readonly (TimedBuild | Change)[] = [...timedBuilds, ...changes.filter((change) => !isTimed(change))];
  try {
    for (const scenario of scenarios) {
      for (const each of sides) {
        if (each.outcome.failed !== undefined) continue;
        try {
          await measureOne(real, each, scenario, changed);
        } catch (error) {
          each.outcome.failed = error instanceof Error ? error.message : String(error);
          console.error(`${real.id}, ${each.side.name}, ${scenario}: ${each.outcome.failed}`);
        }
      }
    }
  } finally {
    for (const { side, running } of sides) {
      running.close();
      side.close();
    }
  }
}

async function measureOne(
  real: RealApp,
  { side, running, stores, outcome }: Measuring,
  scenario: TimedBuild | Change,
  changed: ReadonlyMap<Change, Changed>,
): Promise<void> {
  const measured = { stores, cold: scenario === 'cold', buildArgs: real.buildArgs ?? {} };
  side.checkout.write(changed.get(scenario as Change) ?? new Map());
  if (isTimed(scenario)) {
    const tag = scenario === 'cold' ? running.image : `${running.image}-changed`;
    const build = await side.build(tag, measured);
    outcome.builds.set(scenario, build);
    outcome.ran.set(scenario as Change, stagesThatRan(build.steps));
    if (scenario === 'cold') {
      outcome.load = loadavg()[0] ?? 0;
      outcome.added = addedToBase(tag, side.dockerfile());
      outcome.seen = await real.check(running);
      running.close();
    }
  } else outcome.ran.set(scenario, stagesThatRan(await side.peek(measured)));
  side.checkout.restore();
  const seconds = isTimed(scenario) ? `${outcome.builds.get(scenario)?.seconds.toFixed(1)} s, ` : '';
  console.error(`${real.id}, ${side.name}, ${scenario}: ${seconds}ran ${outcome.ran.get(scenario as Change)?.join(', ') || 'nothing'}`);
}

function isTimed(scenario: TimedBuild | Change): scenario is TimedBuild {
  return (timedBuilds as readonly string[]).includes(scenario);
}
