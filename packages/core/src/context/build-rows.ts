import { neededByMember } from '../closure/build-order.ts';
import type { Closure, ClosureEdge } from '../model.ts';
import { byCodeUnit } from '../order.ts';
import { isInside } from '../paths.ts';

/**
 * The members of a closure by when their builds are due, each row without what only a later one needs: an edited source of a row leaves
 * the rows before it as they were built. A member comes as late as those who need what its steps make allow; of a cycle all are in one row.
 * One row where members lie in one another.
 *
 * @param working ids of the members in which steps run
 * @returns rows of ids, first what builds first; the app is in the last
 */
export function buildRows({ build, why }: Closure, working: ReadonlySet<string>): string[][] {
  if (build.some((id) => build.some((other) => other !== id && isInside(id, other)))) return [[...build]];
  const heights = heightsOf(build, why, working);
  const rows: string[][] = [];
  for (const id of [...build].sort(byCodeUnit)) {
    const height = heights.get(id) ?? 0;
    rows[height] = [...(rows[height] ?? []), id];
  }
  return rows.reverse();
}

/** How many rows come after each member's own. */
function heightsOf(build: readonly string[], why: readonly ClosureEdge[], working: ReadonlySet<string>): ReadonlyMap<string, number> {
  const needed = neededByMember(why);
  const reached = new Map(build.map((id) => [id, reachedFrom(id, needed)]));
  const heights = new Map(build.map((id) => [id, 0]));
  const edges = why.filter(({ from, to }) => heights.has(from) && heights.has(to));
  const raise = ({ from, to }: ClosureEdge): boolean => {
    const isCycle = reached.get(to)?.has(from) === true;
    const needed = (heights.get(from) ?? 0) + (working.has(to) && !isCycle ? 1 : 0);
    if (needed <= (heights.get(to) ?? 0)) return false;
    heights.set(to, needed);
    return true;
  };
  while (edges.filter(raise).length > 0);
  return heights;
}

function reachedFrom(id: string, needed: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set([id]);
  for (const each of reached) for (const next of needed.get(each) ?? []) reached.add(next);
  return reached;
}
