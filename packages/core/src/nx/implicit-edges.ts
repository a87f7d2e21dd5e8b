import type { ClosureEdge, Files, Importer } from '../model.ts';
import { nxProject } from './project.ts';

/** What a project names under `implicitDependencies`: its build may read them, the running app does not. A name after `!` takes one out, for Nx alone. */
export function implicitEdges(importer: Importer, importers: readonly Importer[], files: Files): ClosureEdge[] {
  const names = nxProject(importer, files)?.implicitDependencies ?? [];
  if (names.length === 0) return [];
  const byName = new Map(importers.flatMap((each) => [nxProject(each, files)?.name ?? each.name, each.name].map((name) => [name, each.id] as const)));
  return names.flatMap((name) => {
    const to = byName.get(name);
    return to === undefined ? [] : [{ from: importer.id, to, kind: 'config', by: `${importer.id}/project.json` }];
  });
}
