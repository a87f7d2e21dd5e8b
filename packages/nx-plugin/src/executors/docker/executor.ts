import { resolve } from 'node:path';
import { type ExecutorContext, logger } from '@nx/devkit';
import {
  buildFolder,
  buildImage,
  type Diagnostic,
  explainMissingSecrets,
  imageName,
  pack,
  readWorkspace,
  StowageError,
  writePlan,
} from '@stowage/core';

/** As `schema.json` describes them. */
export interface DockerExecutorOptions {
  readonly app?: string;
  readonly tag?: string | readonly string[];
  readonly push?: boolean;
  readonly platform?: string | readonly string[];
  readonly output?: string;
}

/** `nx run <project>:docker`: what `stowage build` does, for the project. A problem that a person can mend is told, not thrown. */
export default async function runDockerExecutor(options: DockerExecutorOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  try {
    await buildProject(options, context);
    return { success: true };
  } catch (error) {
    if (!(error instanceof StowageError)) throw error;
    const { code, message, where, hint } = error;
    const place = where?.file === undefined ? '' : ` (${where.line === undefined ? where.file : `${where.file}:${where.line}`})`;
    logger.error(`${code} ${message}${place}${hint === undefined ? '' : `\n${hint}`}`);
    return { success: false };
  }
}

async function buildProject(options: DockerExecutorOptions, context: ExecutorContext): Promise<void> {
  const workspace = await readWorkspace(context.root);
  const plan = await pack(workspace, options.app ?? projectRoot(context));
  for (const diagnostic of [...plan.diagnostics, ...explainMissingSecrets(plan.secrets)]) tell(diagnostic);
  const folder = options.output === undefined ? buildFolder(workspace.root, plan.app.id) : resolve(context.root, options.output);
  await writePlan(plan, workspace, folder);
  await buildImage({
    folder,
    tags: options.tag === undefined ? [imageName(plan)] : [options.tag].flat(),
    platforms: [options.platform ?? []].flat(),
    push: options.push ?? false,
    builder: undefined,
    cache: undefined,
    secrets: plan.secrets,
    extra: [],
    onLine: (line) => logger.verbose(line),
  });
}

function projectRoot({ projectName, projectsConfigurations }: ExecutorContext): string {
  const project = projectsConfigurations.projects[projectName ?? ''];
  if (project === undefined) throw new Error(`Nx knows no project called ${projectName}`);
  return project.root;
}

function tell({ level, code, message, file, line }: Diagnostic): void {
  const text = `${code}: ${message}${file === undefined ? '' : ` (${line === undefined ? file : `${file}:${line}`})`}`;
  if (level === 'warning') logger.warn(text);
  else logger.info(text);
}
