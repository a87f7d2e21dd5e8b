import { posix } from 'node:path';
import type { Files, Importer } from '../model.ts';
import { fixedPart } from '../paths.ts';
import { loadedTools, toolPath } from './loaded-tools.ts';
import { type NxTarget, nxProject, targetsOfBuild } from './project.ts';

/**
 * What the build of a project names by paths from the workspace root, as `assets` and `styles` of project.json do, and commands such as
 * `cp -r apps/web/locales/* dist`: strings of the options of its `build` target, and of those targets of its own that this depends on; and
 * the plugins and executors that Nx loads for it from a path. A glob counts as the folder that it begins with. They need not exist.
 */
export function buildPaths(importer: Importer, files: Files): readonly string[] {
  const project = nxProject(importer, files);
  const named = project === undefined ? [] : targetsOfBuild(project).flatMap((target) => pathsOf(target, importer.id));
  const tools = loadedTools(importer, files).flatMap((tool) => toolPath(tool, files) ?? []);
  return [...new Set([...named, ...tools])];
}

function pathsOf({ options, configurations, command }: NxTarget, projectRoot: string): string[] {
  const cwd = options?.cwd;
  const folder = typeof cwd === 'string' ? cwd : '.';
  return stringsIn([command, options, configurations]).flatMap((text) =>
    text
      .replaceAll('{workspaceRoot}/', '')
      .replaceAll('{projectRoot}', projectRoot)
      .split(/[\s'"`;&|()]+/)
      .filter((word) => /^[\w@.][^:]*\//.test(word) && !word.includes('$'))
      .map((word) => posix.join(folder, fixedPart(word)))
      .filter((path) => path !== '.' && !path.startsWith('..')),
  );
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
