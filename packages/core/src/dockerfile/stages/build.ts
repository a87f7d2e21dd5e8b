import { posix } from 'node:path';
import type { Stage } from '../../model.ts';
import { compiledOncePath } from '../compiled-once.ts';
import type { ImageFacts } from '../image-facts.ts';
import { args, bindFrom, cacheMount, copyFrom, env, run, secretVariable } from '../syntax.ts';

/**
 * The sources over the installed tree, what their packages' lifecycle scripts make, and the builds, which find again what framework and
 * task runner kept of the last one. Public variables that sources name can be given as build arguments. No install, no network.
 */
export function buildStage({ app, plan, config, executables, steps, compiledOnce, secrets, publicEnv }: ImageFacts, from: string): Stage {
  const caches = [...(plan.caches ?? []), ...(config.buildCache ?? [])].map((folder) => posix.join(app.id, folder));
  const mounts = secrets.filter(({ usedBy }) => usedBy === 'build').map(({ id }) => secretVariable(id));
  const chmod = executables.length === 0 ? [] : [run([`chmod +x ${executables.join(' ')}`])];
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
      ...chmod,
      ...(steps.prepare.length === 0 ? [] : [run(steps.prepare, mounts)]),
      ...(steps.build.length === 0 ? [] : [run(steps.build, [...[...new Set([...caches, ...steps.caches])].map(buildCache), ...mounts])]),
    ],
  };
}

/** One build at a time: frameworks do not expect another in their cache. */
function buildCache(path: string): string {
  return cacheMount(`build-${path.replaceAll('/', '-')}`, `/app/${path}`, true);
}
