import { loadavg } from 'node:os';
import { stagesThatRan, type Timed } from './build-record.ts';
import { addedToBase } from './image-size.ts';
import { type Change, changes, type RealApp } from './real-app.ts';
import type { Changed } from './relock.ts';
import { Running } from './running.ts';
import type { Side } from './sides.ts';

/** Builds that are timed from end to end. */
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
  /** Parts of the build context that a change changes. */
  readonly parts: Map<Change, readonly string[]>;
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
  return { side, running, stores, outcome: { added: 0, seen: '', load: 0, builds: new Map(), parts: new Map() } };
}

/** All builds of an app's sides, in turn; a side that fails drops out. */
export async function measure(real: RealApp, sides: readonly Measuring[], changed: ReadonlyMap<Change, Changed>): Promise<void> {
  for (const scenario of timedBuilds) await eachSide(real, sides, scenario, (side) => measureBuild(real, side, scenario, changed));
}

/** What each change changes of each side's build context. No engine is needed. */
export async function compareContexts(real: RealApp, sides: readonly Measuring[], changed: ReadonlyMap<Change, Changed>): Promise<void> {
  await eachSide(real, sides, 'contexts', async ({ side, outcome }) => {
    const before = await side.parts();
    for (const change of changes) {
      side.checkout.write(changed.get(change) ?? new Map());
      const after = await side.parts();
      side.checkout.restore();
      outcome.parts.set(
        change,
        [...after.keys()].filter((name) => after.get(name) !== before.get(name)),
      );
    }
  });
}

async function eachSide(real: RealApp, sides: readonly Measuring[], what: string, act: (side: Measuring) => Promise<void>): Promise<void> {
  for (const each of sides) {
    if (each.outcome.failed !== undefined) continue;
    try {
      await act(each);
    } catch (error) {
      each.outcome.failed = error instanceof Error ? error.message : String(error);
      console.error(`${real.id}, ${each.side.name}, ${what}: ${each.outcome.failed}`);
    }
  }
}

async function measureBuild(
  real: RealApp,
  { side, running, stores, outcome }: Measuring,
  scenario: TimedBuild,
  changed: ReadonlyMap<Change, Changed>,
): Promise<void> {
  side.checkout.write(changed.get(scenario as Change) ?? new Map());
  const tag = scenario === 'cold' ? running.image : `${running.image}-changed`;
  const build = await side.build(tag, { stores, cold: scenario === 'cold', buildArgs: real.buildArgs ?? {} });
  outcome.builds.set(scenario, build);
  side.checkout.restore();
  console.error(`${real.id}, ${side.name}, ${scenario}: ${build.seconds.toFixed(1)} s, ran ${stagesThatRan(build.steps).join(', ') || 'nothing'}`);
  if (scenario !== 'cold') return;
  outcome.load = loadavg()[0] ?? 0;
  outcome.added = addedToBase(tag, side.dockerfile());
  outcome.seen = await ((side.name === 'own' && real.own?.check) || real.check)(running);
  console.error(`${real.id}, ${side.name}: ${outcome.added.toFixed(1)} MB over its base, ${outcome.seen}, load ${outcome.load.toFixed(0)}`);
  running.close();
}
