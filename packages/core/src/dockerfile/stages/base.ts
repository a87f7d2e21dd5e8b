import type { Stage } from '../../model.ts';
import type { ImageFacts } from '../image-facts.ts';
import { nodeImage } from '../images.ts';
import { aptInstall, env, run } from '../syntax.ts';

/** Node, exactly the package manager that wrote the lockfile, and what compiling native packages takes: Node's headers are the image's own. */
export function baseStage({ node, commands, systemPackages }: ImageFacts): Stage {
  const headers = systemPackages.length === 0 ? {} : { npm_config_nodedir: '/usr/local' };
  return {
    name: 'base',
    from: nodeImage(node),
    instructions: [
      'WORKDIR /app',
      ...(systemPackages.length === 0 ? [] : [run(aptInstall(systemPackages))]),
      ...env({ ...commands.env, ...headers }),
      ...(commands.setup.length === 0 ? [] : [run(commands.setup)]),
    ],
  };
}
