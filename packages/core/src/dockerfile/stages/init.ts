import type { Stage } from '../../model.ts';
import { aptInstall, run } from '../syntax.ts';

/** A process that reaps children and passes signals on, which Node as the first process does not. */
export function initStage(image: string): Stage {
  return {
    name: 'init',
    from: image,
    instructions: [run(aptInstall(['tini']))],
  };
}
