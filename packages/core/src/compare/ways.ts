import type { Closure, ClosureEdge, Importer, Resolution } from '../model.ts';

/** The installs differ in which edges they follow: `prod` has neither devDependencies nor the root's tools. */
export type Mode = 'deps' | 'prod';

/** Shortest ways from the app to what is in its closure, as names; the app first. */
export interface Ways {
  /** Undefined where nothing leads there. */
  toImporter(id: string): readonly string[] | undefined;
  toPackage(name: string, version: string): readonly string[] | undefined;
}

/** Breadth first over the closure's edges and what the lockfile says needs what; ties are broken by name. */
export function waysOf(input: {
  readonly closure: Closure;
  readonly resolutions: readonly Resolution[];
  readonly importers: readonly Importer[];
  readonly mode: Mode;
}): Ways {
  const names = new Map(input.importers.map(({ id, name }) => [id, name]));
  const parents = breadthFirst([input.closure.app, '.'], childrenOf(input));
  const wayTo = (node: string): readonly string[] | undefined => {
    if (!parents.has(node)) return undefined;
    const way: string[] = [];
    for (let at: string | undefined = node; at !== undefined; at = parents.get(at)) way.unshift(names.get(at) ?? nameOf(at));
    return way;
  };
  return { toImporter: wayTo, toPackage: (name, version) => wayTo(`${name}@${version}`) };
}

function childrenOf({ closure, resolutions, mode }: Parameters<typeof waysOf>[0]): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>();
  const add = (from: string, to: string): void => {
    const known = children.get(from);
    if (known === undefined) children.set(from, [to]);
    else known.push(to);
  };
  for (const edge of closure.why) if (mode === 'deps' || isRuntime(edge)) add(edge.from, edge.to);
  for (const { name, version, neededBy, runtime } of resolutions) {
    if (mode === 'deps' || runtime) for (const dependent of neededBy) add(dependent, `${name}@${version}`);
  }
  return children;
}

function isRuntime({ kind }: ClosureEdge): boolean {
  return kind !== 'devDependencies' && kind !== 'config' && kind !== 'script' && kind !== 'program';
}

/** For each node reached, the one it was first reached from. */
function breadthFirst(starts: readonly string[], children: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string | undefined> {
  const parents = new Map<string, string | undefined>(starts.map((start) => [start, undefined]));
  for (const node of parents.keys()) for (const child of children.get(node) ?? []) if (!parents.has(child)) parents.set(child, node);
  return parents;
}

function nameOf(locator: string): string {
  const at = locator.lastIndexOf('@');
  return at > 0 ? locator.slice(0, at) : locator;
}
