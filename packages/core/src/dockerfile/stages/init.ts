import type { Stage } from '../../model.ts';
import type { System } from '../images.ts';
import { run } from '../syntax.ts';

/** A process that reaps children and passes signals on, which Node as the first process does not. */
export function initStage({ base, init, install }: System): Stage {
  return { name: 'init', from: base, instructions: [run(install([init.package]))] };
}
