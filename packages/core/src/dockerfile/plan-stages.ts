import type { Stage } from '../model.ts';
import type { ImageFacts } from './image-facts.ts';
import { nodeImage } from './images.ts';
import { baseStage } from './stages/base.ts';
import { buildStage } from './stages/build.ts';
import { initStage } from './stages/init.ts';
import { installStage } from './stages/install.ts';
import { outputStage } from './stages/output.ts';
import { serverStage } from './stages/server.ts';
import { staticStage } from './stages/static.ts';

/** Names of the stages that hold the folder's three parts; the self-contained form makes them otherwise. */
export const folderStages = ['stowage-deps', 'stowage-prod', 'stowage-src'] as const;

/**
 * The stages of an image: `prod-deps` and `init` depend on neither `deps` nor `build`, so that BuildKit runs them beside these.
 * A front end has no production install: its files are all there is.
 */
export function planStages(facts: ImageFacts): Stage[] {
  const server = facts.plan.kind === 'server';
  return [
    folderStage('stowage-deps', 'deps'),
    ...(server ? [folderStage('stowage-prod', 'prod')] : []),
    folderStage('stowage-src', 'src'),
    baseStage(facts),
    ...(server ? [installStage(facts, 'prod')] : []),
    installStage(facts, 'deps'),
    buildStage(facts),
    ...(facts.plan.kind === 'server'
      ? [outputStage(facts), ...(facts.config.init === false ? [] : [initStage(nodeImage(facts.node))]), serverStage(facts, facts.plan)]
      : [staticStage(facts, facts.plan)]),
  ];
}

function folderStage(name: (typeof folderStages)[number], folder: string): Stage {
  return { name, from: 'scratch', instructions: [`COPY ${folder}/ /`] };
}
