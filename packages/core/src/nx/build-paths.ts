import { posix } from 'node:path';
import type { Files, Importer } from '../model.ts';
import { fixedPart } from '../paths.ts';
import { type NxTarget, nxProject, readJson, record } from './project.ts';

/**
 * What the build of a project names by paths from the workspace root, as `assets` and `styles` of project.json do, and commands such as
 * `cp -r apps/web/locales/* dist`: strings of the options of its `build` target, and of those targets of its own that this depends on. A
 * glob counts as the folder that it begins with. They need not exist.
 */
export function buildPaths(importer: Importer, files: Files): readonly string[] {
  const targets = nxProject(importer, files)?.targets ?? {};
  const defaults = record(readJson('nx.json', files).targetDefaults);
  const reached = new Set(['build']);
  for (const name of reached) {
    const needed = targets[name]?.dependsOn ?? record(defaults[targets[name]?.executor ?? '']).dependsOn ?? record(defaults[name]).dependsOn;
    for (const each of Array.isArray(needed) ? needed : []) {
      const target: unknown = typeof each === 'string' ? each : record(each).projects === undefined ? record(each).target : undefined;
      if (typeof target === 'string' && targets[target] !== undefined) reached.add(target);
    }
  }
  const found = [...reached].flatMap((name) => pathsOf(targets[name] ?? {}, importer.id));
  return [...new Set(found)];
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
