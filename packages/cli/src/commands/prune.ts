import { join, relative, resolve } from 'node:path';
import {
  ErrorCode,
  imageName,
  lockedPackageCount,
  type PackPlan,
  StowageError,
  type Verification,
  verifyInstall,
  type Workspace,
  writePlan,
} from '@stowage/core';
import { allApps, type Context, type Outcome, open, packAll, unlessInterrupted } from '../command.ts';

export interface PruneOptions {
  readonly out?: string;
  readonly all?: true;
  readonly verify?: true;
  /** False where sources are not to be read. */
  readonly imports?: boolean;
}

interface Pruned {
  readonly plan: PackPlan;
  /** Absolute. */
  readonly folder: string;
  readonly reports: readonly Verification[];
}

export async function prune(context: Context, names: readonly string[], options: PruneOptions): Promise<Outcome> {
  if ((names.length === 0) === (options.all === undefined)) {
    throw new StowageError(ErrorCode.Usage, names.length === 0 ? 'No app is named.' : 'Name apps or say --all, not both.', {
      hint: '`stowage prune <app>` prunes one, `stowage prune --all` all that `stowage list` shows.',
    });
  }
  const workspace = await open(context);
  const plans = await packAll(workspace, options.all ? allApps(workspace) : names, options.imports);
  const pruned: Pruned[] = [];
  for (const plan of plans)
    pruned.push(await pruneOne(context, workspace, plan, outputFolder(context, workspace, plan, options, names.length), options));
  return {
    json: { apps: pruned.map((one) => toJson(one, workspace)) },
    text: pruned.map((one) => toText(context, one, workspace)).join('\n'),
    summary: true,
    found: pruned.some(({ reports }) => reports.some(({ ok }) => !ok)),
  };
}

/** `--out` is the folder of the one app that is named, else the folder that theirs lie in. */
function outputFolder(context: Context, workspace: Workspace, plan: PackPlan, { out, all }: PruneOptions, named: number): string {
  if (out === undefined) return join(workspace.root, 'out', imageName(plan));
  return named === 1 && !all ? resolve(context.cwd, out) : resolve(context.cwd, out, imageName(plan));
}

async function pruneOne(context: Context, workspace: Workspace, plan: PackPlan, folder: string, options: PruneOptions): Promise<Pruned> {
  await unlessInterrupted(context);
  context.reporter.diagnostics(plan.diagnostics);
  await writePlan(plan, workspace, folder);
  const reports: Verification[] = [];
  if (options.verify) for (const mode of ['deps', 'prod'] as const) reports.push(await verify(context, plan, folder, mode));
  return { plan, folder, reports };
}

async function verify(context: Context, plan: PackPlan, folder: string, mode: 'deps' | 'prod'): Promise<Verification> {
  await unlessInterrupted(context);
  const { id, version } = plan.packageManager;
  return context.reporter.during(
    `${plan.app.name}: frozen install of ${mode} with ${id} ${version}`,
    () => verifyInstall(folder, mode, plan.packageManager, context.signal),
    ({ ok }) => ok,
  );
}

function toJson({ plan, folder, reports }: Pruned, workspace: Workspace): Readonly<Record<string, unknown>> {
  return {
    app: plan.app,
    output: folder,
    workspaces: { build: plan.closure.build, runtime: plan.closure.runtime, total: workspace.importers.length },
    packages: { ...packageCounts(plan), total: lockedPackageCount(workspace) },
    identities: plan.identities,
    diagnostics: plan.diagnostics,
    ...(reports.length === 0 ? {} : { verified: reports }),
  };
}

function toText({ reporter: { colors }, cwd }: Context, { plan, folder, reports }: Pruned, workspace: Workspace): string {
  const packages = packageCounts(plan);
  const { build, runtime } = plan.closure;
  const lines = [
    `${colors.bold(plan.app.name)} -> ${shownPath(cwd, folder)} (preset ${plan.app.preset})`,
    `  workspaces  ${build.length} of ${workspace.importers.length}, ${runtime.length} at run time: ${build.join(', ')}`,
    `  packages    ${packages.build} of ${lockedPackageCount(workspace)}, ${packages.runtime} at run time`,
    ...reports.map(({ ok, command, output }) =>
      ok ? `  ${colors.green('verified')}    ${command}` : `  ${colors.red('refused')}     ${command}\n${indent(output)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Relative to where one stands, if it lies below. */
function shownPath(cwd: string, folder: string): string {
  const below = relative(cwd, folder);
  return below.startsWith('..') ? folder : below;
}

function packageCounts({ resolutions }: PackPlan): { build: number; runtime: number } {
  return { build: resolutions.length, runtime: resolutions.filter(({ runtime }) => runtime).length };
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
