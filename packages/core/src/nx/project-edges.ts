import { packageNameOf } from '../closure/imports/specifier.ts';
import type { ClosureEdge, Files, Importer } from '../model.ts';
import { ownership } from '../paths.ts';
import { perObject } from '../per-object.ts';
import { loadedTools, toolPath } from './loaded-tools.ts';
import { nxProject, projectFile } from './project.ts';

/**
 * What the build of a project needs without importing it; the running app does not: what the project names under `implicitDependencies` (a
 * name after `!` takes one out, for Nx alone), and the projects that hold a plugin or an executor that Nx loads for it.
 */
export function projectEdges(importer: Importer, importers: readonly Importer[], files: Files): ClosureEdge[] {
  const implicit = nxProject(importer, files)?.implicitDependencies ?? [];
  const tools = loadedTools(importer, files);
  if (implicit.length + tools.length === 0) return [];
  const { byName, ownerOf } = lookupsOf(files)(importers);
  const found = [
    ...implicit.map((name) => ({ to: byName.get(name), by: projectFile(importer, files) })),
    ...tools.map((tool) => ({ to: byName.get(packageNameOf(tool.name)) ?? ownerOf(toolPath(tool, files) ?? '.'), by: tool.by })),
  ];
  return found.flatMap(({ to, by }) => (to === undefined || to === '.' || to === importer.id ? [] : [{ from: importer.id, to, kind: 'config', by }]));
}

/** Ids by the names that Nx and the package manager know projects by. */
export function projectNames(importers: readonly Importer[], files: Files): ReadonlyMap<string, string> {
  return lookupsOf(files)(importers).byName;
}

/** By their names, and by what lies in them; every project that Nx builds asks. */
const lookupsOf = perObject((files: Files) =>
  perObject((importers: readonly Importer[]) => ({
    byName: new Map(importers.flatMap((each) => [nxProject(each, files)?.name ?? each.name, each.name].map((name) => [name, each.id] as const))),
    ownerOf: ownership(importers),
  })),
);
