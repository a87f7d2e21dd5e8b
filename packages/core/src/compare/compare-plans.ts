import { stageInputs } from '../dockerfile/stage-inputs.ts';
import type { PackPlan } from '../model.ts';
import { byCodeUnit } from '../order.ts';
import { type Change, type ChangeKind, type PlacedChange, type Step, steps } from './change.ts';
import { installChanges } from './install-changes.ts';
import type { PlannedApp } from './planned-app.ts';
import { sourceChanges } from './source-changes.ts';
import { configChanges, stageChanges } from './stage-changes.ts';

/**
 * What differs between two plans of an app, the shortest reason first; empty where they make the same image. A step runs again
 * exactly where a change names it: BuildKit keeps a step whose stage, and all that it is made from, are as before.
 */
export function comparePlans(before: PlannedApp, after: PlannedApp): Change[] {
  const [old, now] = [before.plan.identities, after.plan.identities];
  if (old.image === now.image) return [];
  const placed = [
    ...installChanges('deps', before, after),
    ...installChanges('prod', before, after),
    ...(old.src === now.src ? [] : sourceChanges(before, after)),
    ...stageChanges(before, after),
  ];
  placed.push(...configChanges(before, after, new Set(placed.map(({ stage }) => stage))));
  const last = after.plan.stages.at(-1)?.name ?? '';
  if (placed.length === 0) placed.push({ kind: 'dockerfile', how: 'changed', what: 'Dockerfile', path: [], stage: last });
  return merged(placed, [before.plan, after.plan]).sort(byShortness);
}

/** The steps that an image has: a front end installs nothing for production. */
export function stepsOf({ stages }: PackPlan): Step[] {
  return steps.filter((step) => stages.some(({ name }) => name === stageOf(step, stages)));
}

/** Name of the stage that a step runs in. */
export function stageOf(step: Step, stages: PackPlan['stages']): string | undefined {
  return step === 'image' ? stages.at(-1)?.name : { install: 'deps', 'production install': 'prod-deps', build: 'build' }[step];
}

/** The same change seen from several stages is one, for all that is made from them. */
function merged(placed: readonly PlacedChange[], plans: readonly PackPlan[]): Change[] {
  const inputs = plans.flatMap(({ stages }) => steps.map((step) => ({ step, stages: stageInputs(stages, stageOf(step, stages) ?? '') })));
  const stepsFrom = (stage: string): ReadonlySet<Step> => new Set(inputs.filter(({ stages }) => stages.has(stage)).map(({ step }) => step));
  const changes = new Map<string, { readonly change: PlacedChange; readonly steps: Set<Step> }>();
  for (const change of placed) {
    const { kind, how, what, key, before, after } = change;
    const id = JSON.stringify([kind, how, what, key, before, after]);
    const known = changes.get(id) ?? { change, steps: new Set() };
    changes.set(id, known);
    for (const step of stepsFrom(change.stage)) known.steps.add(step);
  }
  return [...changes.values()].map(({ change: { stage: _, ...change }, steps: run }) => ({
    ...change,
    steps: steps.filter((step) => run.has(step)),
  }));
}

/** Among equally short ways, what a person would name first. */
const ranks: readonly ChangeKind[] = ['config', 'base image', 'dependency', 'workspace', 'source', 'manifest'];
/** What belongs to no package comes after what does, and what is mostly a consequence comes last. */
const later: readonly (readonly ChangeKind[])[] = [
  ['setting', 'root file'],
  ['lockfile', 'stage', 'dockerfile'],
];

function byShortness(a: Change, b: Change): number {
  const tier = ({ kind }: Change): number => later.findIndex((kinds) => kinds.includes(kind)) + 1;
  return (
    tier(a) - tier(b) ||
    a.path.length - b.path.length ||
    ranks.indexOf(a.kind) - ranks.indexOf(b.kind) ||
    byCodeUnit(a.what, b.what) ||
    byCodeUnit(a.key ?? '', b.key ?? '')
  );
}
