import { posix } from 'node:path';
import type { Stage } from '../../model.ts';
import { shellWord } from '../../shell-word.ts';
import { compiledOncePath } from '../compiled-once.ts';
import type { ImageFacts } from '../image-facts.ts';
import { args, bindFrom, cacheMount, copyFrom, env, run, secretVariable } from '../syntax.ts';

/**
 * The sources over the installed tree, what their packages' lifecycle scripts make, and the builds, which find again what framework and
 * task runner kept of the last one. Public variables that sources name can be given as build arguments. No install, no network.
 */
export function buildStage({ app, plan, config, executables, steps, compiledOnce, secrets, publicEnv }: ImageFacts, from: string): Stage {
  const caches = [
    ...new Set([...(plan.caches ?? []), ...(config.buildCache ?? [])].map((folder) => posix.join(app.id, folder)).concat(steps.caches)),
  ];
  const mounts = secrets.filter(({ usedBy }) => usedBy === 'build').map(({ id }) => secretVariable(id));
  const first = [...(executables.length === 0 ? [] : [`chmod +x ${executables.map(shellWord).join(' ')}`]), ...steps.prepare];
  // What makes the packages ready is a step of its own only where the builds have caches, of which it has none.
  const apart = caches.length > 0 && steps.prepare.length > 0;
  const commands = [...(apart ? [] : first), ...steps.build];
  const told = { ...config.buildArgs, ...config.buildEnv };
  return {
    name: 'build',
    from,
    instructions: [
      ...(compiledOnce.length === 0 ? [] : [run([`node ${compiledOncePath}`], [bindFrom('prod-deps', '/prod', '/app')])]),
      ...publicEnv.filter((name) => told[name] === undefined).map((name) => `ARG ${name}`),
      ...args(config.buildArgs ?? {}),
      ...env({ ...steps.env, ...config.buildEnv }),
      copyFrom('stowage-src', '/', './'),
      ...(apart ? [run(first, mounts)] : []),
      ...(commands.length === 0 ? [] : [run(commands, [...caches.map(buildCache), ...mounts])]),
    ],
  };
}

/** One build at a time: frameworks do not expect another in their cache. */
function buildCache(path: string): string {
  return cacheMount(`build-${path.replaceAll('/', '-')}`, `/app/${path}`, true);
}
