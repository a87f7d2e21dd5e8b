import { posix } from 'node:path';
import type { AppConfig } from '../config/schema.ts';
import type { Files, Importer, Manifest } from '../model.ts';
import { type AngularBuild, angularBuild, isApplicationBuilder } from './angular-build.ts';
import { pathFromConfig } from './output-path.ts';
import { infersBuild } from './plugins.ts';
import { type NxTarget, nxProject, stringOf } from './project.ts';

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

/** A `build` script that does more than ask Nx for the target of that name, as `nx build` on top of a standalone workspace does. */
export function ownBuildScript({ scripts }: Manifest): string | undefined {
  const script = scripts?.build;
  return script !== undefined && /^\s*(?:npx\s+)?nx\s+(?:run\s+\S+:)?build\b[^&|;]*$/.test(script) ? undefined : script;
}

/** How Nx builds an app, where its config has nothing else build it. */
export function nxBuildOfApp(app: Importer, files: Files, config: AppConfig): NxBuild | undefined {
  return config.build === undefined && config.buildWith !== 'package-manager' ? nxBuild(app, files, config) : undefined;
}

/** Whether Nx builds a project, and knows it for an application. */
export function isNxApplication(importer: Importer, files: Files): boolean {
  return nxBuild(importer, files) !== undefined && nxProject(importer, files)?.application === true;
}

/**
 * How Nx builds an importer that has no `build` script of its own: by a target of project.json or of the manifest's `nx` key, or by one that
 * a plugin infers. Undefined where it builds none. A target that names no default configuration and has one called `production` is built
 * with that, as an image is made for it. The config's `output` says better than the target where it goes.
 */
export function nxBuild(importer: Importer, files: Files, config: AppConfig = {}): NxBuild | undefined {
  if (ownBuildScript(importer.manifest) !== undefined) return undefined;
  const project = nxProject(importer, files);
  const target = project?.targets.build;
  if (project === undefined || (target === undefined && !infersBuild(importer, files))) return undefined;
  const configuration = configurationOf(target ?? {});
  const options = { ...target?.options, ...target?.configurations?.[configuration ?? ''] };
  const configured = config.output === undefined ? undefined : posix.join(importer.id, config.output);
  const usual = posix.join('dist', importer.id);
  const { executor = '' } = target ?? {};
  const angular = isApplicationBuilder(executor) ? angularBuild(executor, options, usual) : undefined;
  const made = angular?.server === undefined ? angular?.pages : angular.base;
  const told = configured ?? made ?? stringOf(options.outputPath) ?? firstOutput(target, options) ?? pathFromConfig(importer, files) ?? usual;
  const output = posix.normalize(inWorkspace(told, project.name, importer));
  const source = posix.basename(stringOf(options.main) ?? 'main.ts');
  const main = stringOf(options.outputFileName) ?? source.replace(/\.[cm]?[jt]sx?$/, '.js');
  return { project: project.name, configuration, output, main, angular };
}

function configurationOf({ configurations, defaultConfiguration }: NxTarget): string | undefined {
  return defaultConfiguration === undefined && configurations?.production !== undefined ? 'production' : stringOf(defaultConfiguration);
}

/** The first folder that a target tells Nx to keep of its run; it may be told by an option. */
function firstOutput(target: NxTarget | undefined, options: Readonly<Record<string, unknown>>): string | undefined {
  const outputs = (target?.outputs ?? []).map((output) => String(output).replace(/^\{options\.(\w+)\}$/, (_, name) => stringOf(options[name]) ?? ''));
  return outputs.find((output) => output !== '' && !/[*!]/.test(output));
}

function inWorkspace(path: string, project: string, { id }: Importer): string {
  return path
    .replace(/^\{workspaceRoot\}\//, '')
    .replace('{projectRoot}', id)
    .replace('{projectName}', project);
}
