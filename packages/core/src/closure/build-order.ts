import type { Closure, ClosureEdge } from '../model.ts';
import { byCodeUnit } from '../order.ts';

/** Ids of the members that each member needs, one for each edge. */
export function neededByMember(why: readonly ClosureEdge[]): ReadonlyMap<string, readonly string[]> {
  const needed = new Map<string, string[]>();
  for (const { from, to } of why) {
    const known = needed.get(from);
    if (known === undefined) needed.set(from, [to]);
    else known.push(to);
  }
  return needed;
}

/** Members of the build closure, dependencies first; equals by id, and a cycle is cut at the edge that closes it. */
export function buildOrder({ build, why }: Closure): string[] {
  const needed = neededByMember(why);
  const order: string[] = [];
  const visited = new Set<string>();
  const visit = (id: string): void => {
    if (visited.has(id)) return;
    visited.add(id);
    for (const next of [...(needed.get(id) ?? [])].sort(byCodeUnit)) visit(next);
    order.push(id);
  };
  for (const id of build) visit(id);
  return order;
}
