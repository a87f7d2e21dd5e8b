import { posix } from 'node:path';
import type { Files, Importer } from '../model.ts';
import { nxBuild } from './build.ts';
import { pluginNames } from './plugins.ts';
import { nxProject, projectFile, readJson, record, targetsOfBuild } from './project.ts';

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
  if (/^\.\.?\//.test(name)) return posix.normalize(name);
  for (const config of ['tsconfig.base.json', 'tsconfig.json']) {
    const paths = record(record(readJson(config, files).compilerOptions).paths)[name];
    if (Array.isArray(paths) && typeof paths[0] === 'string') return posix.normalize(paths[0]);
  }
  return undefined;
}
