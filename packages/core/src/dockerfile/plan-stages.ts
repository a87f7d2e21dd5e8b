import type { Stage } from '../model.ts';
import type { ServerPlan } from '../presets/preset.ts';
import type { ImageFacts } from './image-facts.ts';
import { baseStage } from './stages/base.ts';
import { buildStage } from './stages/build.ts';
import { engineStage } from './stages/engine.ts';
import { initStage } from './stages/init.ts';
import { installStage } from './stages/install.ts';
import { outputStage } from './stages/output.ts';
import { rowsStage } from './stages/rows.ts';
import { serverStage } from './stages/server.ts';
import { staticStage } from './stages/static.ts';

/** Names of the stages that hold the folder's three parts; the self-contained form makes them otherwise. */
export const folderStages = ['stowage-deps', 'stowage-prod', 'stowage-src'] as const;

/** Names that stages written by hand cannot have. */
export const generatedStages = [
  ...folderStages,
  'stowage',
  'stowage-rows',
  'base',
  'prod-base',
  'deps',
  'prod-deps',
  'build',
  'output',
  'init',
  'engine',
  'runtime',
];

/**
 * The stages of an image: `prod-deps` and `init` depend on neither `deps` nor `build`, so that BuildKit runs them beside these.
 * `stowage-rows` is there where packages are built row by row. A front end has no production install, nor has a program whose build holds all
 * that it needs. What is the same on every platform is made once, on the builder's own.
 */
export function planStages(facts: ImageFacts): Stage[] {
  const { beforeInstall, beforeBuild, after } = facts.fragment;
  const installed = facts.plan.kind === 'server' && facts.plan.contents === undefined;
  const neutral = isNeutral(facts);
  const bases = [baseStage(facts, 'base', neutral ? 'build' : undefined), ...(neutral && installed ? [baseStage(facts, 'prod-base')] : [])];
  const last = (stages: readonly Stage[], otherwise: string): string => stages.at(-1)?.name ?? otherwise;
  return [
    folderStage('stowage-deps', 'deps'),
    ...(installed ? [folderStage('stowage-prod', 'prod')] : []),
    folderStage('stowage-src', 'src'),
    ...bases,
    ...beforeInstall,
    ...(installed ? [installStage(facts, 'prod', last(beforeInstall, last(bases, 'base')))] : []),
    installStage(facts, 'deps', last(beforeInstall, 'base')),
    ...beforeBuild,
    ...(facts.steps.rows.length === 1 ? [] : [rowsStage(facts.steps.rows)]),
    buildStage(facts, last(beforeBuild, 'deps')),
    ...(facts.plan.kind === 'server' ? programStages(facts, facts.plan) : [staticStage(facts, facts.plan)]),
    ...after,
  ];
}

/** Files of a front end, and JavaScript whose packages are installed apart. Compiled packages and traced ones are of their platform. */
function isNeutral({ plan, compiledOnce, needs, fragment }: ImageFacts): boolean {
  if (fragment.beforeInstall.length > 0) return false;
  return plan.kind === 'static' || (plan.contents === undefined && plan.engine === undefined && compiledOnce.length === 0 && !needs.generatesPrisma);
}

function programStages(facts: ImageFacts, plan: ServerPlan): Stage[] {
  return [
    outputStage(facts, plan),
    ...(facts.config.init === false ? [] : [initStage(facts.system)]),
    ...(plan.engine === undefined ? [] : [engineStage(facts.system.base, plan.engine)]),
    serverStage(facts, plan),
  ];
}

function folderStage(name: (typeof folderStages)[number], folder: string): Stage {
  return { name, from: 'scratch', instructions: [`COPY ${folder}/ /`] };
}
