import type { BuildRow } from '../../context/plan-build.ts';
import type { Stage } from '../../model.ts';
import { shellWord } from '../../shell-word.ts';
import { bindFrom, run } from '../syntax.ts';

/** Where the sources of a row lie in its stage. */
export function rowFolder(nth: number): string {
  return `/rows/${nth + 1}`;
}

/**
 * The sources, laid out by row; what belongs to no package is in the first. This runs whenever a source changed, but BuildKit goes by content where
 * it copies from a stage: to the build a row without a change is the same.
 */
export function rowsStage(rows: readonly BuildRow[]): Stage {
  const paths = (some: readonly BuildRow[], within = '') =>
    some.flatMap(({ importers }) => importers.map((id) => shellWord(`${within}${id}`))).join(' ');
  const [, ...later] = rows;
  const folders = later.map((_, nth) => rowFolder(nth + 1)).join(' ');
  return {
    name: 'stowage-rows',
    from: 'base',
    instructions: [
      run(
        [
          `mkdir -p ${folders}`,
          `cp -a . ${rowFolder(0)}`,
          `rm -r ${paths(later, `${rowFolder(0)}/`)}`,
          ...later.map((row, nth) => `cp -a --parents ${paths([row])} ${rowFolder(nth + 1)}/`),
        ],
        [bindFrom('stowage-src', '/app')],
      ),
    ],
  };
}
