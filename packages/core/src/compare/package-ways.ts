import { didYouMean, ErrorCode, StowageError } from '../errors.ts';
import type { ClosureEdge, Importer, PackPlan } from '../model.ts';
import { byCodeUnit } from '../order.ts';

/** Why a package is in an app's closure: one for each version of it. */
export interface PackageWays {
  readonly name: string;
  /** Undefined for a package of the workspace. */
  readonly version?: string;
  /** In the production install too, or part of the running app; else only the build has it. */
  readonly runtime: boolean;
  /** From the app (or the root, whose dependencies every install has) to the package, the shortest first. */
  readonly ways: readonly (readonly string[])[];
  /** There are more ways than were asked for. */
  readonly more: boolean;
  /** Of a package of the workspace: what says that it is needed. */
  readonly edges: readonly ClosureEdge[];
}

/** Dense graphs have more ways than anyone reads, and than can be walked. */
const mostSteps = 20_000;

/**
 * All ways to a package, at most `most` for each version.
 * @throws StowageError UnknownPackage with the nearest names where the closure has no such package
 */
export function packageWays(
  { plan, importers }: { readonly plan: PackPlan; readonly importers: readonly Importer[] },
  wanted: string,
  most: number,
): PackageWays[] {
  const { closure, resolutions } = plan;
  const names = new Map(importers.map(({ id, name }) => [id, name]));
  const parents = new Map<string, string[]>(resolutions.map(({ name, version, neededBy }) => [`${name}@${version}`, [...neededBy]]));
  for (const { from, to } of closure.why) parents.set(to, [...new Set([...(parents.get(to) ?? []), from])]);
  const found = (node: string) => waysTo(node, new Set([closure.app, '.']), parents, most, (id) => names.get(id) ?? id);

  const members = importers.filter(({ id, name }) => closure.build.includes(id) && (name === wanted || id === wanted));
  const versions = resolutions.filter(({ name }) => name === wanted);
  if (members.length + versions.length === 0) throw unknownPackage(plan, importers, wanted);
  return [
    ...members.map(({ id, name }) => ({
      name,
      runtime: closure.runtime.includes(id),
      ...found(id),
      edges: closure.why.filter(({ to }) => to === id),
    })),
    ...versions.map(({ name, version, runtime }) => ({ name, version, runtime, ...found(`${name}@${version}`), edges: [] })),
  ];
}

/** Breadth first from the package upward, so that short ways come first; no way passes a package twice. */
function waysTo(
  target: string,
  starts: ReadonlySet<string>,
  parents: ReadonlyMap<string, readonly string[]>,
  most: number,
  nameOf: (node: string) => string,
): { readonly ways: string[][]; readonly more: boolean } {
  const ways: string[][] = [];
  const open: string[][] = [[target]];
  let steps = 0;
  for (let way = open.shift(); way !== undefined; way = open.shift()) {
    if (ways.length === most || steps++ > mostSteps) return { ways, more: true };
    const first = way[0] as string;
    if (starts.has(first)) {
      ways.push(way.map(nameOf));
      continue;
    }
    const needing = [...(parents.get(first) ?? [])].sort(byCodeUnit);
    for (const parent of needing) if (!way.includes(parent)) open.push([parent, ...way]);
  }
  return { ways, more: false };
}

function unknownPackage({ app, closure, resolutions }: PackPlan, importers: readonly Importer[], wanted: string): StowageError {
  const outside = importers.find(({ id, name }) => name === wanted || id === wanted);
  if (outside !== undefined && !closure.build.includes(outside.id)) {
    return new StowageError(
      ErrorCode.UnknownPackage,
      `${app.name} does not need ${outside.name}: nothing in its closure depends on it or imports it.`,
      {
        hint: `The closure is ${closure.build.join(', ')}.`,
      },
    );
  }
  const known = [
    ...new Set([...resolutions.map(({ name }) => name), ...importers.filter(({ id }) => closure.build.includes(id)).map(({ name }) => name)]),
  ];
  return new StowageError(ErrorCode.UnknownPackage, `The closure of ${app.name} holds no package "${wanted}".`, {
    hint: didYouMean(wanted, known) ?? `It has ${resolutions.length} packages; \`stowage prune ${app.name}\` lists them in plan.json.`,
  });
}
