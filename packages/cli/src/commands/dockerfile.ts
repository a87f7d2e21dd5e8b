import { resolve } from 'node:path';
import { type Diagnostic, ErrorCode, type PackingStage, type PackPlan, StowageError, selfContained, type Workspace } from '@stowage/core';
import { type Context, type Outcome, open, packAll, posixRelative } from '../command.ts';
import { unreleased } from '../unreleased.ts';
import { checkDockerfile, type Printed } from './check-dockerfile.ts';

export interface DockerfileOptions {
  readonly check?: string;
  readonly selfContained?: true;
  readonly context?: string;
  readonly program?: string;
}

export async function dockerfile(context: Context, app: string, options: DockerfileOptions): Promise<Outcome> {
  refuseWithout(options.selfContained ?? options.check, options.context, '--context is for a self-contained Dockerfile, or for --check.');
  refuseWithout(options.selfContained, options.program, '--program is for a self-contained Dockerfile.');
  const workspace = await open(context);
  const [plan] = (await packAll(workspace, [app])) as [PackPlan];
  context.reporter.diagnostics(plan.diagnostics);
  const told = options.selfContained ? packingStage(context, workspace, options) : undefined;
  if (told !== undefined && 'version' in told.program) context.reporter.diagnostics(unreleased("--program 'node /repository/tools/stowage/bin.mjs'"));
  if (options.check !== undefined) {
    const folder = options.context === undefined ? workspace.root : resolve(context.cwd, options.context);
    const print = (packing: PackingStage | undefined) => printed(plan, packing);
    return checkDockerfile({ cwd: context.cwd, app, workspace, plan, path: resolve(context.cwd, options.check), folder, told, print });
  }
  const { dockerfile: text, dockerignore } = printed(plan, told);
  if (dockerignore !== undefined) context.reporter.diagnostics([ignoreFile(dockerignore)]);
  return { json: { app: plan.app, dockerfile: text, ...(dockerignore === undefined ? {} : { dockerignore }) }, text, summary: false };
}

function refuseWithout(needed: unknown, given: string | undefined, message: string): void {
  if (needed === undefined && given !== undefined) throw new StowageError(ErrorCode.Usage, message, { hint: 'Add --self-contained.' });
}

function packingStage({ cwd }: Context, { root }: Workspace, { context, program }: DockerfileOptions): PackingStage {
  const below = context === undefined ? '.' : posixRelative(resolve(cwd, context), root);
  if (below.startsWith('..')) {
    throw new StowageError(ErrorCode.Usage, `The workspace root ${root} is not in the build context ${context}.`, {
      hint: 'Name the root or a folder above it.',
    });
  }
  return { program: program === undefined ? { version: STOWAGE_VERSION } : { command: program }, below };
}

/** The Dockerfile of the written folder, or the one that packs the repository by itself. */
function printed(plan: PackPlan, packing: PackingStage | undefined): Printed {
  if (packing !== undefined) return selfContained(plan, packing);
  const file = plan.files.find(({ path }) => path === 'Dockerfile');
  if (file === undefined || !('text' in file)) throw new Error('the plan holds no Dockerfile');
  return { dockerfile: file.text, dockerignore: undefined };
}

/** Docker reads it from beside the Dockerfile, under its name. */
function ignoreFile(text: string): Diagnostic {
  const hint = text.trimEnd().replaceAll('\n', '\n  ');
  return { level: 'info', code: 'ignore-file-needed', message: 'Put these lines into <name of the Dockerfile>.dockerignore beside it:', hint };
}
