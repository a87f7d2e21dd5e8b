import { posix } from 'node:path';
import type { Files, Importer } from '../model.ts';
import { perObject } from '../per-object.ts';
import { recordOf } from '../text.ts';
import { nxBuild } from './build.ts';
import { pluginNames } from './plugins.ts';
import { nxProject, projectFile, readJson, targetsOfBuild } from './project.ts';

/** A plugin or an executor that Nx loads to build a project. */
export interface LoadedTool {
  /** A package, or a path from the workspace root that begins with `./`. */
  readonly name: string;
  /** The file that names it. */
  readonly by: string;
}

/** The plugins of nx.json that build a project, and the executors of the targets that do; none where Nx builds it not. */
export function loadedTools(importer: Importer, files: Files): readonly LoadedTool[] {
  const project = nxBuild(importer, files) === undefined ? undefined : nxProject(importer, files);
  if (project === undefined) return [];
  const executors = targetsOfBuild(project).flatMap(({ executor }) => executor?.replace(/:[^:]*$/, '') ?? []);
  return [
    ...pluginNames([importer], files).map((name) => ({ name, by: 'nx.json' })),
    ...executors.map((name) => ({ name, by: projectFile(importer, files) })),
  ];
}

/** Where in the repository a tool lies, from the workspace root: by its path, or as Nx finds a project by the compiler's `paths`. */
export function toolPath({ name }: LoadedTool, files: Files): string | undefined {
  return /^\.\.?\//.test(name) ? posix.normalize(name) : mappedPaths(files).get(name);
}

/** The first path of each name that the root's tsconfig maps. */
const mappedPaths = perObject((files: Files): ReadonlyMap<string, string> => {
  const config = ['tsconfig.base.json', 'tsconfig.json'].find((path) => files.get(path) !== undefined);
  const paths = recordOf(recordOf(config === undefined ? {} : readJson(config, files).compilerOptions).paths);
  return new Map(
    Object.entries(paths).flatMap(([name, list]) => {
      const path: unknown = Array.isArray(list) ? list[0] : undefined;
      return typeof path === 'string' ? [[name, posix.normalize(path)] as const] : [];
    }),
  );
});
