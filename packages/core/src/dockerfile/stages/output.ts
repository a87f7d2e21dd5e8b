import type { Stage } from '../../model.ts';
import { collectProgram } from '../collect.ts';
import type { ImageFacts } from '../image-facts.ts';
import { bindFrom, runWithInput } from '../syntax.ts';

/** The part of the built tree that the running app reads. */
export function outputStage({ runtime }: ImageFacts): Stage {
  return {
    name: 'output',
    from: 'build',
    instructions: [runWithInput('node -', collectProgram(runtime), [bindFrom('stowage-src', '/src'), bindFrom('stowage-deps', '/deps')])],
  };
}
