import type { Stage } from '../model.ts';
import type { ServerPlan } from '../presets/preset.ts';
import type { ImageFacts } from './image-facts.ts';
import { nodeImage } from './images.ts';
import { baseStage } from './stages/base.ts';
import { buildStage } from './stages/build.ts';
import { engineStage } from './stages/engine.ts';
import { initStage } from './stages/init.ts';
import { installStage } from './stages/install.ts';
import { outputStage } from './stages/output.ts';
import { serverStage } from './stages/server.ts';
import { staticStage } from './stages/static.ts';

/** Names of the stages that hold the folder's three parts; the self-contained form makes them otherwise. */
export const folderStages = ['stowage-deps', 'stowage-prod', 'stowage-src'] as const;

/**
 * The stages of an image: `prod-deps` and `init` depend on neither `deps` nor `build`, so that BuildKit runs them beside these.
 * A front end has no production install, nor has a program whose build holds all that it needs.
 */
export function planStages(facts: ImageFacts): Stage[] {
  const installed = facts.plan.kind === 'server' && facts.plan.contents === undefined;
  return [
    folderStage('stowage-deps', 'deps'),
    ...(installed ? [folderStage('stowage-prod', 'prod')] : []),
    folderStage('stowage-src', 'src'),
    baseStage(facts),
    ...(installed ? [installStage(facts, 'prod')] : []),
    installStage(facts, 'deps'),
    buildStage(facts),
    ...(facts.plan.kind === 'server' ? programStages(facts, facts.plan) : [staticStage(facts, facts.plan)]),
  ];
}

function programStages(facts: ImageFacts, plan: ServerPlan): Stage[] {
  const image = nodeImage(facts.node);
  return [
    outputStage(facts, plan),
    ...(facts.config.init === false ? [] : [initStage(image)]),
    ...(plan.engine === undefined ? [] : [engineStage(image, plan.engine)]),
    serverStage(facts, plan),
  ];
}

function folderStage(name: (typeof folderStages)[number], folder: string): Stage {
  return { name, from: 'scratch', instructions: [`COPY ${folder}/ /`] };
}
