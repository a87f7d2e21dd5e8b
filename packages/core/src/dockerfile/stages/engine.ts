import type { Stage } from '../../model.ts';
import type { ServerPlan } from '../../presets/preset.ts';
import { run } from '../syntax.ts';

/** The one file that an engine other than Node is. */
export function engineStage(image: string, { name, version }: NonNullable<ServerPlan['engine']>): Stage {
  return {
    name: 'engine',
    from: image,
    instructions: [run([`npm install --global ${name}@${version}`, `cp -L "$(npm root --global)/${name}/bin/${name}.exe" /${name}`])],
  };
}
