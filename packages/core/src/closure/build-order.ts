import type { Closure, ClosureEdge } from '../model.ts';
import { byCodeUnit } from '../order.ts';

/** Members of the build closure, dependencies first; equals by id, and a cycle is cut at the edge that closes it. */
export function buildOrder({ build, why }: Closure): string[] {
  const dependencies = new Map<string, string[]>();
  for (const { from, to } of why as readonly ClosureEdge[]) dependencies.set(from, [...(dependencies.get(from) ?? []), to]);
  const order: string[] = [];
  const visited = new Set<string>();
  const visit = (id: string): void => {
    if (visited.has(id)) return;
    visited.add(id);
    for (const next of (dependencies.get(id) ?? []).sort(byCodeUnit)) visit(next);
    order.push(id);
  };
  for (const id of build) visit(id);
  return order;
}
