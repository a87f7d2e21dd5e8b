import { posix } from 'node:path';
import type { Stage } from '../../model.ts';
import { compiledOncePath } from '../compiled-once.ts';
import type { ImageFacts } from '../image-facts.ts';
import { args, bindFrom, cacheMount, copyFrom, env, run } from '../syntax.ts';

/**
 * The sources over the installed tree, what their packages' lifecycle scripts make, and the builds, which find again what their framework
 * kept of the last one. No install, no network.
 */
export function buildStage({ app, plan, config, executables, prepare, build, compiledOnce }: ImageFacts): Stage {
  const caches = (plan.caches ?? []).map((folder) => posix.join(app.id, folder));
  const chmod = executables.length === 0 ? [] : [run([`chmod +x ${executables.join(' ')}`])];
  return {
    name: 'build',
    from: 'deps',
    instructions: [
      ...(compiledOnce.length === 0 ? [] : [run([`node ${compiledOncePath}`], [bindFrom('prod-deps', '/prod', '/app')])]),
      ...args(config.buildArgs ?? {}),
      ...env(config.buildEnv ?? {}),
      copyFrom('stowage-src', '/', './'),
      ...chmod,
      ...(prepare.length === 0 ? [] : [run(prepare)]),
      ...(build.length === 0
        ? []
        : [
            run(
              build,
              caches.map((path) => cacheMount(`build-${path.replaceAll('/', '-')}`, `/app/${path}`, true)),
            ),
          ]),
    ],
  };
}
