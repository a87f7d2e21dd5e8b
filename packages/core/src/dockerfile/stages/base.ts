import type { Stage } from '../../model.ts';
import type { ImageFacts } from '../image-facts.ts';
import { env, run } from '../syntax.ts';

/**
 * Node, exactly the package manager that wrote the lockfile, and what compiling native packages takes: Node's headers are the image's own.
 * @param platform `build` for stages that make the same for every platform
 */
export function baseStage({ system, commands, needs }: ImageFacts, name: string, platform?: 'build'): Stage {
  const { systemPackages, installEnv } = needs;
  const headers = systemPackages.length === 0 ? {} : { npm_config_nodedir: '/usr/local' };
  return {
    name,
    from: system.base,
    ...(platform === undefined ? {} : { platform }),
    instructions: [
      'WORKDIR /app',
      ...(systemPackages.length === 0 ? [] : [run(system.install(systemPackages))]),
      ...env({ ...commands.env, ...headers, ...installEnv }),
      ...(commands.setup.length === 0 ? [] : [run(commands.setup)]),
    ],
  };
}
