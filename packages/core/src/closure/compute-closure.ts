import { ErrorCode, StowageError } from '../errors.ts';
import { importersById, importersOf } from '../importers.ts';
import type { Closure, ClosureEdge, DependencyKind, Importer } from '../model.ts';
import { byCodeUnit, sortedBy } from '../order.ts';
import type { LockedGraph } from './locked-edges.ts';

const runtimeKinds: ReadonlySet<DependencyKind> = new Set(['dependencies', 'optionalDependencies', 'peerDependencies']);

/** Workspace packages that an importer's sources reach without its manifest saying so. */
export type ImportEdgesOf = (importer: Importer) => Promise<readonly ClosureEdge[]>;

/**
 * The app with all its workspace dependencies: through every dependency map for the build, through all but devDependencies at run time.
 * The lockfile decides whether a name is a workspace package. Imports that no manifest declares count for both.
 * The root is in no closure but its own: its manifest belongs to every install anyway.
 * @throws StowageError DuplicateName where two members share a name
 */
export async function computeClosure(input: {
  readonly app: Importer;
  readonly importers: readonly Importer[];
  readonly graph: LockedGraph;
  readonly importEdgesOf: ImportEdgesOf;
}): Promise<Closure> {
  const byId = importersById(input.importers);
  const edges = new Map<string, readonly ClosureEdge[]>();
  const build = await reach(input.app.id, async (id) => {
    const importer = byId.get(id) as Importer;
    const own = [...manifestEdges(importer, input.graph), ...(await input.importEdgesOf(importer))].filter(({ to }) => to !== '.' && to !== id);
    edges.set(id, own);
    return own;
  });
  const runtime = await reach(input.app.id, async (id) =>
    (edges.get(id) ?? []).filter(({ kind }) => kind === 'import' || runtimeKinds.has(kind as DependencyKind)),
  );
  assertDistinctNames(importersOf(input.importers, build));
  return {
    app: input.app.id,
    build: [...build].sort(byCodeUnit),
    runtime: [...runtime].sort(byCodeUnit),
    why: sortedBy([...edges.values()].flat(), ({ from, to, kind, by, line }) => [from, to, kind, by, line ?? 0].join('\0')),
  };
}

async function reach(start: string, edgesOf: (id: string) => Promise<readonly ClosureEdge[]>): Promise<Set<string>> {
  const reached = new Set([start]);
  for (const id of reached) {
    for (const { to } of await edgesOf(id)) reached.add(to);
  }
  return reached;
}

function manifestEdges(importer: Importer, graph: LockedGraph): ClosureEdge[] {
  return graph
    .edgesOf(importer)
    .flatMap(({ kind, specifier, target }) =>
      'importer' in target ? [{ from: importer.id, to: target.importer, kind, by: specifier } satisfies ClosureEdge] : [],
    );
}

function assertDistinctNames(members: readonly Importer[]): void {
  const seen = new Map<string, string>();
  for (const { id, name, manifest } of members) {
    if (manifest.name === undefined) continue;
    const other = seen.get(name);
    if (other !== undefined) {
      throw new StowageError(ErrorCode.DuplicateName, `Two packages of the closure are called "${name}": ${other} and ${id}.`, {
        where: { file: `${id}/package.json`, key: 'name' },
        hint: 'A package manager can link only one of them: rename the other.',
      });
    }
    seen.set(name, id);
  }
}
