import { access } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import {
  configFileNames,
  ErrorCode,
  listApps,
  type PackingStage,
  type PackPlan,
  programInWorkspace,
  readBranches,
  StowageError,
  selfContained,
  type TextFile,
  type Workspace,
  writeText,
} from '@stowage/core';
import { type Context, type Outcome, open, packAll, posixRelative, unlessInterrupted } from '../command.ts';
import { copiedProgram, programFiles } from '../program-files.ts';
import { githubWorkflow } from '../templates/github.ts';
import { gitlabJob, gitlabPlan } from '../templates/gitlab.ts';
import { unreleased } from '../unreleased.ts';

type CiSystem = 'github' | 'gitlab' | 'none';

export interface InitOptions {
  readonly ci?: CiSystem;
  /** Apps that get a self-contained Dockerfile. */
  readonly dockerfile?: readonly string[];
  /** Folder of a copy of this program, which these then run. */
  readonly vendor?: string;
  readonly write?: true;
  readonly force?: true;
}

/** A file that init would write, and how the one that is there compares. */
interface Proposed extends TextFile {
  readonly state: 'new' | 'same' | 'different';
  /** Too long to be shown. */
  readonly isProgram: boolean;
}

/** Shows the files that a repository begins with, or writes them: a config, a CI's pipeline, self-contained Dockerfiles. */
export async function init(context: Context, options: InitOptions): Promise<Outcome> {
  const workspace = await open(context);
  const plans = await packAll(workspace, options.dockerfile ?? []);
  const ci = options.ci ?? (workspace.files.get('.gitlab-ci.yml') === undefined ? 'github' : 'gitlab');
  const vendored = options.vendor === undefined ? undefined : folderInWorkspace(context, workspace, options.vendor);
  const copied = vendored === undefined ? undefined : posix.join(vendored, copiedProgram);
  const program = copied === undefined ? { version: STOWAGE_VERSION } : programInWorkspace(copied, '.');
  const stowage = copied === undefined ? `npx --yes stowage@${STOWAGE_VERSION}` : `node ${copied}`;
  if (copied === undefined && (ci !== 'none' || plans.length > 0)) context.reporter.diagnostics(unreleased('--vendor tools/stowage'));
  const copies = vendored === undefined ? [] : programFiles().map(({ path, text }) => ({ path: posix.join(vendored, path), text }));
  const files = [...configFile(workspace), ...pipelineFiles(workspace, ci, stowage), ...plans.flatMap((plan) => dockerfiles(plan, program))];
  const proposed = [...files, ...copies].map((file): Proposed => ({ ...file, state: stateOf(file, workspace), isProgram: copies.includes(file) }));
  if (options.write) await writeAll(context, workspace, proposed, options.force === true);
  return {
    json: { written: options.write === true, files: proposed.map(({ path, text, state }) => ({ path, text, state })) },
    text: options.write ? told(context, proposed, nextSteps(workspace, ci, plans)) : shown(context, proposed),
    summary: options.write === true,
  };
}

function folderInWorkspace({ cwd }: Context, { root }: Workspace, folder: string): string {
  const path = posixRelative(root, resolve(cwd, folder));
  if (path !== '.' && !path.startsWith('..')) return path;
  throw new StowageError(ErrorCode.Usage, `--vendor ${folder} is no folder below the workspace root.`, { hint: 'Name one such as tools/stowage.' });
}

/** Where there is a config already, it is complete. */
function configFile(workspace: Workspace): TextFile[] {
  if (configFileNames.some((path) => workspace.files.get(path) !== undefined)) return [];
  const apps = Object.fromEntries(listApps(workspace).map(({ name }) => [name, {}]));
  return [{ path: 'stowage.json', text: `${JSON.stringify({ apps }, null, 2)}\n` }];
}

function pipelineFiles({ root, files }: Workspace, ci: CiSystem, stowage: string): TextFile[] {
  if (ci === 'none') return [];
  if (ci === 'github') {
    const { current, bases } = readBranches(root);
    return [{ path: '.github/workflows/stowage.yml', text: githubWorkflow(stowage, bases.at(-1) ?? current ?? 'main') }];
  }
  return [
    { path: '.gitlab/stowage.yml', text: gitlabJob(stowage) },
    { path: '.gitlab/stowage-plan.yml', text: gitlabPlan(stowage) },
    ...(files.get('.gitlab-ci.yml') === undefined ? [{ path: '.gitlab-ci.yml', text: gitlabInclude }] : []),
  ];
}

const gitlabInclude = 'include:\n  - local: .gitlab/stowage-plan.yml\n';

/** In the app's folder, with the ignore file that BuildKit looks for beside it. */
function dockerfiles(plan: PackPlan, program: PackingStage['program']): TextFile[] {
  const { dockerfile, dockerignore } = selfContained(plan, { program, below: '.' });
  const path = dockerfilePath(plan);
  return [
    { path, text: dockerfile },
    { path: `${path}.dockerignore`, text: dockerignore },
  ];
}

function dockerfilePath({ app }: PackPlan): string {
  return app.id === '.' ? 'Dockerfile' : `${app.id}/Dockerfile`;
}

function stateOf({ path, text }: TextFile, { files }: Workspace): Proposed['state'] {
  const there = files.read(path);
  if (there === undefined) return 'new';
  return there === text ? 'same' : 'different';
}

/** Nothing is written where one file would be lost. */
async function writeAll(context: Context, { root }: Workspace, files: readonly Proposed[], force: boolean): Promise<void> {
  for (const { path, state } of files) {
    const lost = state === 'different' || (state === 'new' && (await isThere(join(root, path))));
    if (!lost || force) continue;
    throw new StowageError(ErrorCode.UnsafeOutput, `${path} is there already, and is not what would be written.`, {
      hint: '`stowage init` shows what would be; --force replaces the file.',
    });
  }
  await unlessInterrupted(context);
  for (const { path, text, state } of files) if (state !== 'same') await writeText(join(root, path), text);
}

/** Also a file that git ignores. */
function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function shown({ reporter: { colors } }: Context, files: readonly Proposed[]): string {
  const blocks = files.map(({ path, text, state, isProgram }) =>
    state === 'same'
      ? `${colors.bold(path)} is there\n`
      : `${colors.bold(path)}${state === 'different' ? ' (differs from what is there)' : ''}\n${indented(isProgram ? '(a part of this program)\n' : text)}`,
  );
  return `${blocks.join('\n')}\nNothing was written: \`stowage init --write\` does.\n`;
}

function told({ reporter: { colors } }: Context, files: readonly Proposed[], next: readonly string[]): string {
  const lines = files.map(({ path, state }) => `${state === 'same' ? 'kept' : colors.green('wrote')} ${path}`);
  return `${[...lines, ...next].join('\n')}\n`;
}

function nextSteps({ files }: Workspace, ci: CiSystem, plans: readonly PackPlan[]): string[] {
  const include = `Add to .gitlab-ci.yml:\n${indented(gitlabInclude).trimEnd()}`;
  const included = files.read('.gitlab-ci.yml')?.includes('stowage-plan.yml') ?? true;
  const next = plans.map((plan) => `Next: \`docker build --file ${dockerfilePath(plan)} .\` in the root builds ${plan.app.name}.`);
  return [
    ...(ci === 'gitlab' && !included ? [include] : []),
    ...(next.length > 0 ? next : ['Next: `stowage list` shows the apps, `stowage build <app>` builds one.']),
  ];
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
