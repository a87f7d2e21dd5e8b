import type { Stage } from '../../model.ts';
import type { ImageFacts } from '../image-facts.ts';
import { nodeImage } from '../images.ts';
import { env, run } from '../syntax.ts';

/** Node and exactly the package manager that wrote the lockfile. */
export function baseStage({ node, commands }: ImageFacts): Stage {
  return {
    name: 'base',
    from: nodeImage(node),
    instructions: ['WORKDIR /app', ...env(commands.env), ...(commands.setup.length === 0 ? [] : [run(commands.setup)])],
  };
}
