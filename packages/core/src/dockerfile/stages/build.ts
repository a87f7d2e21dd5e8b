import { posix } from 'node:path';
import type { BuildRow } from '../../context/plan-build.ts';
import type { Stage } from '../../model.ts';
import { isInside } from '../../paths.ts';
import { shellWord } from '../../shell-word.ts';
import { compiledOncePath } from '../compiled-once.ts';
import type { ImageFacts } from '../image-facts.ts';
import { args, bindFrom, cacheMount, copyFrom, env, run, secretVariable } from '../syntax.ts';
import { rowFolder } from './rows.ts';

/**
 * The sources over the installed tree, what their packages' lifecycle scripts make, and the builds, row by row. The last row finds again what
 * framework and task runner kept of the last build. Public variables that sources name can be given as build arguments. No install, no network.
 */
export function buildStage(facts: ImageFacts, from: string): Stage {
  const { config, steps, compiledOnce, publicEnv } = facts;
  const told = { ...config.buildArgs, ...config.buildEnv };
  return {
    name: 'build',
    from,
    instructions: [
      ...(compiledOnce.length === 0 ? [] : [run([`node ${compiledOncePath}`], [bindFrom('prod-deps', '/prod', '/app')])]),
      ...publicEnv.filter((name) => told[name] === undefined).map((name) => `ARG ${name}`),
      ...args(config.buildArgs ?? {}),
      ...env({ ...steps.env, ...config.buildEnv }),
      ...steps.rows.flatMap((row, nth) => [
        steps.rows.length === 1 ? copyFrom('stowage-src', '/', './') : copyFrom('stowage-rows', rowFolder(nth), './'),
        ...runRow(facts, row, nth === steps.rows.length - 1),
      ]),
    ],
  };
}

function runRow({ app, plan, config, executables, steps, secrets }: ImageFacts, { importers, prepare, build }: BuildRow, isLast: boolean): string[] {
  const kept = [...(plan.caches ?? []), ...(config.buildCache ?? [])].map((folder) => posix.join(app.id, folder));
  const caches = isLast ? [...new Set([...kept, ...steps.caches])] : [];
  const mounts = secrets.filter(({ usedBy }) => usedBy === 'build').map(({ id }) => secretVariable(id));
  const programs = executables.filter((path) => importers.some((id) => isInside(path, id)));
  const first = [...(programs.length === 0 ? [] : [`chmod +x ${programs.map(shellWord).join(' ')}`]), ...prepare];
  // What makes the packages ready is a step of its own only where the builds have caches, of which it has none.
  const apart = caches.length > 0 && prepare.length > 0;
  const commands = [...(apart ? [] : first), ...build];
  return [...(apart ? [run(first, mounts)] : []), ...(commands.length === 0 ? [] : [run(commands, [...caches.map(buildCache), ...mounts])])];
}

/** One build at a time: frameworks do not expect another in their cache. */
function buildCache(path: string): string {
  return cacheMount(`build-${path.replaceAll('/', '-')}`, `/app/${path}`, true);
}
