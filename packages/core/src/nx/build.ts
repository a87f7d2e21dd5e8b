import { posix } from 'node:path';
import type { AppConfig } from '../config/schema.ts';
import type { Files, Importer } from '../model.ts';
import { type AngularBuild, angularBuild } from './angular-build.ts';
import { pathFromConfig } from './output-path.ts';
import { infersBuild } from './plugins.ts';
import { type NxTarget, nxProject, readJson, record, stringOf } from './project.ts';

/** A build that Nx runs. */
export interface NxBuild {
  readonly project: string;
  /** A configuration of the target, where it is asked for one. */
  readonly configuration: string | undefined;
  /** Where it puts what it made, from the workspace root. */
  readonly output: string;
  /** The file of it that starts the program, where it is one. */
  readonly main: string;
  /** What it makes, where a builder of Angular's is what Nx runs; from the workspace root. */
  readonly angular: AngularBuild | undefined;
}

/**
 * How Nx builds an importer that has no `build` script of its own: by a target of project.json or of the manifest's `nx` key, or by one that
 * a plugin infers. Undefined where it builds none. A target that names no default configuration and has one called `production` is built
 * with that, as an image is made for it. The config's `output` says better than the target's options where it goes.
 */
export function nxBuild(importer: Importer, files: Files, config: AppConfig = {}): NxBuild | undefined {
  if (importer.manifest.scripts?.build !== undefined) return undefined;
  const project = nxProject(importer, files);
  const target = project?.targets.build;
  if (project === undefined || (target === undefined && !infersBuild(importer, files))) return undefined;
  const configuration = configurationOf(target ?? {}, files);
  const options = { ...target?.options, ...target?.configurations?.[configuration ?? ''] };
  const configured = config.output === undefined ? undefined : posix.join(importer.id, config.output);
  const usual = posix.join('dist', importer.id);
  const angular = ANGULAR.test(target?.executor ?? '') ? angularBuild(target?.executor ?? '', options, usual) : undefined;
  const made = angular?.server === undefined ? angular?.pages : angular.base;
  const told = configured ?? made ?? stringOf(options.outputPath) ?? pathFromConfig(importer, files) ?? usual;
  const output = posix.normalize(told.replace(/^\{workspaceRoot\}\//, '').replace('{projectRoot}', importer.id));
  const source = posix.basename(stringOf(options.main) ?? 'main.ts');
  return { project: project.name, configuration, output, main: source.replace(/\.[cm]?[jt]sx?$/, '.js'), angular };
}

/** Builders of Angular's that know of a server, and of a folder for the pages. */
const ANGULAR = /^@(?:angular|angular-devkit|nx)\/(?:build|build-angular|angular):application$/;

function configurationOf({ executor, configurations, defaultConfiguration }: NxTarget, files: Files): string | undefined {
  const defaults = record(readJson('nx.json', files).targetDefaults);
  const usual = [executor ?? '', 'build'].map((key) => record(defaults[key]).defaultConfiguration).find((name) => typeof name === 'string');
  const named = defaultConfiguration ?? usual;
  return named === undefined && configurations?.production !== undefined ? 'production' : stringOf(named);
}
