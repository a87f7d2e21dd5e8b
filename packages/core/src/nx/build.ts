import { posix } from 'node:path';
import type { AppConfig } from '../config/schema.ts';
import type { Files, Importer } from '../model.ts';
import { pathFromConfig } from './output-path.ts';
import { infersBuild } from './plugins.ts';
import { nxProject, stringOf } from './project.ts';

/** A build that Nx runs. */
export interface NxBuild {
  readonly project: string;
  /** Where it puts what it made, from the workspace root. */
  readonly output: string;
  /** The file of it that starts the program, where it is one. */
  readonly main: string;
}

/**
 * How Nx builds an importer that has no `build` script of its own: by a target of project.json or of the manifest's `nx` key, or by one that
 * a plugin infers. Undefined where it builds none. The config's `output` says better than their options where it goes.
 */
export function nxBuild(importer: Importer, files: Files, config: AppConfig = {}): NxBuild | undefined {
  if (importer.manifest.scripts?.build !== undefined) return undefined;
  const project = nxProject(importer, files);
  const target = project?.targets.build;
  if (project === undefined || (target === undefined && !infersBuild(importer, files))) return undefined;
  const options = target?.options ?? {};
  const configured = config.output === undefined ? undefined : posix.join(importer.id, config.output);
  const told = configured ?? stringOf(options.outputPath) ?? pathFromConfig(importer, files) ?? posix.join('dist', importer.id);
  const output = posix.normalize(told.replace(/^\{workspaceRoot\}\//, '').replace('{projectRoot}', importer.id));
  const source = posix.basename(stringOf(options.main) ?? 'main.ts');
  return { project: project.name, output, main: source.replace(/\.[cm]?[jt]sx?$/, '.js') };
}
