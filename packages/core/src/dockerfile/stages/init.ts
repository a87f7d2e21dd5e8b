import type { Stage } from '../../model.ts';
import { run } from '../syntax.ts';

/** A process that reaps children and passes signals on, which Node as the first process does not. */
export function initStage(image: string): Stage {
  return {
    name: 'init',
    from: image,
    instructions: [run(['apt-get update', 'apt-get install --yes --no-install-recommends tini', 'rm -rf /var/lib/apt/lists/*'])],
  };
}
