import { explainConfig } from '../config/resolve-config.ts';
import { importersById } from '../importers.ts';
import type { PackPlan, Stage, Workspace } from '../model.ts';
import type { PlacedChange } from './change.ts';
import { shortened } from './file-changes.ts';
import type { PlannedApp } from './planned-app.ts';

/** What differs in the Dockerfile: images that stages start from, and instructions. */
export function stageChanges({ plan: before }: PlannedApp, { plan: after }: PlannedApp): PlacedChange[] {
  const old = new Map(before.stages.map((stage) => [stage.name, stage]));
  const now = new Map(after.stages.map((stage) => [stage.name, stage]));
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((name): PlacedChange[] => {
    const [one, other] = [old.get(name), now.get(name)];
    const change = { kind: 'stage', what: toldAs(name), path: [], stage: name } as const;
    if (one === undefined || other === undefined) return [{ ...change, how: one === undefined ? 'added' : 'removed' }];
    return [
      ...(one.from === other.from ? [] : [fromChange(one, other, old.has(one.from) || now.has(other.from))]),
      ...instructionChange(one, other).map((differing) => ({ ...change, ...differing, how: 'changed' as const })),
    ];
  });
}

/** The base of the production install is the other one, for another platform. */
function toldAs(stage: string): string {
  return stage === 'prod-base' ? 'base' : stage;
}

function fromChange(before: Stage, after: Stage, ofStages: boolean): PlacedChange {
  const change = { how: 'changed', before: before.from, after: after.from, path: [], stage: after.name } as const;
  return ofStages ? { ...change, kind: 'stage', what: toldAs(after.name) } : { ...change, kind: 'base image', what: imageWithoutTag(after.from) };
}

function imageWithoutTag(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/]*$/, '');
}

/** The first instruction that differs. */
function instructionChange(before: Stage, after: Stage): Pick<PlacedChange, 'before' | 'after'>[] {
  const count = Math.max(before.instructions.length, after.instructions.length);
  for (let at = 0; at < count; at++) {
    const [one, other] = [before.instructions[at], after.instructions[at]];
    if (one !== other)
      return [{ ...(one === undefined ? {} : { before: shortened(one) }), ...(other === undefined ? {} : { after: shortened(other) }) }];
  }
  return [];
}

/** Where a value of the config shows itself in an image. A key that is not here is told by the stage it changes. */
const stageOfKey: Readonly<Record<string, string>> = {
  include: 'stowage-src',
  node: 'base',
  systemPackages: 'base',
  build: 'build',
  buildArgs: 'build',
  buildEnv: 'build',
  rootScripts: 'build',
  runtimeInclude: 'output',
  runtimePackages: 'runtime',
  browsers: 'runtime',
  start: 'runtime',
  port: 'runtime',
  env: 'runtime',
  init: 'runtime',
  output: 'runtime',
  publicPath: 'runtime',
};

/** What the app is told otherwise, as far as the stage that it shows itself in differs too. */
export function configChanges(before: PlannedApp, after: PlannedApp, differing: ReadonlySet<string>): PlacedChange[] {
  const [old, now] = [configOf(before.plan, before.workspace), configOf(after.plan, after.workspace)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): PlacedChange[] => {
    const [one, other] = [old.get(key), now.get(key)];
    const stages = [...differing].filter((stage) => toldAs(stage) === stageOfKey[key]);
    if (one === other) return [];
    const how = one === undefined ? 'added' : other === undefined ? 'removed' : 'changed';
    const values = { ...(one === undefined ? {} : { before: shortened(one) }), ...(other === undefined ? {} : { after: shortened(other) }) };
    return stages.map((stage) => ({ kind: 'config', how, what: key, ...values, path: [], stage }));
  });
}

function configOf({ app }: PackPlan, workspace: Workspace): ReadonlyMap<string, string> {
  const importer = importersById(workspace.importers).get(app.id);
  return new Map(importer === undefined ? [] : explainConfig(workspace, importer).map(({ key, value }) => [key, JSON.stringify(value)]));
}
