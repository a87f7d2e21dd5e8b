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
  writeTogether,
} from '@stowage/core';
import { namedApps } from '../chosen-apps.ts';
import { allApps, type Context, type Outcome, open, packEach, unlessInterrupted } from '../command.ts';

export interface PruneOptions {
  readonly out?: string;
  readonly all?: true;
  readonly verify?: true;
  /** False where sources are not to be read. */
  readonly imports?: boolean;
}

/** What is told of an app whose folder is written. */
interface Pruned extends Pick<PackPlan, 'app' | 'identities' | 'diagnostics'> {
  /** Absolute. */
  readonly folder: string;
  /** The root counts only where it is the app itself. */
  readonly workspaces: { readonly build: readonly string[]; readonly runtime: readonly string[]; readonly total: number };
  readonly packages: { readonly build: number; readonly runtime: number; readonly total: number };
}

export async function prune(context: Context, names: readonly string[], options: PruneOptions): Promise<Outcome> {
  if ((names.length === 0) === (options.all === undefined)) {
    throw new StowageError(ErrorCode.Usage, names.length === 0 ? 'No app is named.' : 'Name apps or say --all, not both.', {
      hint: '`stowage prune <app>` prunes one, `stowage prune --all` all that `stowage list` shows.',
    });
  }
  const workspace = await open(context);
  const apps = options.all ? allApps(workspace) : namedApps(workspace, names);
  const pruned = await writeTogether(workspace, async (write) => {
    const told: Pruned[] = [];
    for await (const plan of packEach(workspace, apps, options.imports)) {
      await unlessInterrupted(context);
      context.reporter.diagnostics(plan.diagnostics);
      const folder = outputFolder(context, workspace, plan, options, apps.length);
      await write(plan, folder);
      told.push(outline(plan, folder, workspace));
    }
    return told;
  });
  const verified: [Pruned, readonly Verification[]][] = [];
  for (const one of pruned) verified.push([one, options.verify ? await verify(context, workspace, one) : []]);
  const found = verified.some(([, reports]) => reports.some(({ ok }) => !ok));
  return {
    json: { apps: verified.map(([one, reports]) => ({ ...toJson(one), ...(reports.length === 0 ? {} : { verified: reports }) })) },
    text: verified.map(([one, reports]) => toText(context, one, reports)).join('\n'),
    summary: !found,
    found,
  };
}

/** `--out` is the folder of the one app that is named, else the folder that theirs lie in. */
function outputFolder(context: Context, workspace: Workspace, plan: PackPlan, { out, all }: PruneOptions, named: number): string {
  if (out === undefined) return join(workspace.root, 'out', imageName(plan));
  return named === 1 && !all ? resolve(context.cwd, out) : resolve(context.cwd, out, imageName(plan));
}

function outline({ app, identities, diagnostics, closure, resolutions }: PackPlan, folder: string, workspace: Workspace): Pruned {
  const runtime = resolutions.filter((resolution) => resolution.runtime).length;
  const members = workspace.importers.filter(({ id }) => id !== '.' || closure.build.includes(id));
  return {
    app,
    folder,
    workspaces: { build: closure.build, runtime: closure.runtime, total: members.length },
    packages: { build: resolutions.length, runtime, total: lockedPackageCount(workspace) },
    identities,
    diagnostics,
  };
}

async function verify(context: Context, { packageManager }: Workspace, { app, folder }: Pruned): Promise<Verification[]> {
  const reports: Verification[] = [];
  for (const mode of ['deps', 'prod'] as const) {
    await unlessInterrupted(context);
    const report = await context.reporter.during(
      `${app.name}: frozen install of ${mode} with ${packageManager.id} ${packageManager.version}`,
      () => verifyInstall(folder, mode, packageManager, context.signal),
      ({ ok }) => ok,
    );
    reports.push(report);
  }
  return reports;
}

function toJson({ folder, ...told }: Pruned): Readonly<Record<string, unknown>> {
  return { ...told, output: folder };
}

function toText({ reporter: { colors }, cwd }: Context, { app, folder, workspaces, packages }: Pruned, reports: readonly Verification[]): string {
  const { build, runtime, total } = workspaces;
  const lines = [
    `${colors.bold(app.name)} -> ${shownPath(cwd, folder)} (preset ${app.preset})`,
    `  workspaces  ${build.length} of ${total}, ${runtime.length} at run time: ${build.join(', ')}`,
    `  packages    ${packages.build} of ${packages.total}, ${packages.runtime} at run time`,
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

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
