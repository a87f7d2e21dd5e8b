import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import {
  type Diagnostic,
  ErrorCode,
  type Finding,
  generatedMark,
  lintDockerfile,
  type PackPlan,
  type SelfContained,
  StowageError,
  selfContained,
  type Workspace,
} from '@stowage/core';
import { type Context, type Outcome, open, packAll } from '../command.ts';

export interface DockerfileOptions {
  readonly check?: string;
  readonly selfContained?: true;
  readonly context?: string;
  readonly program?: string;
}

/** What the command prints. */
interface Printed {
  readonly dockerfile: string;
  /** Of the self-contained form alone. */
  readonly dockerignore: string | undefined;
}

export async function dockerfile(context: Context, app: string, options: DockerfileOptions): Promise<Outcome> {
  if (options.selfContained === undefined && (options.context ?? options.program) !== undefined) {
    throw new StowageError(ErrorCode.Usage, '--context and --program are for a self-contained Dockerfile.', { hint: 'Add --self-contained.' });
  }
  const workspace = await open(context);
  const [plan] = (await packAll(workspace, [app])) as [PackPlan];
  context.reporter.diagnostics(plan.diagnostics);
  const printed: Printed = options.selfContained
    ? selfContainedForm(context, workspace, plan, options)
    : { dockerfile: dockerfileOf(plan), dockerignore: undefined };
  if (options.check !== undefined) return check(context, workspace, plan, printed, options.check, app);
  const { dockerfile: text, dockerignore } = printed;
  if (dockerignore !== undefined) context.reporter.diagnostics([ignoreFile(dockerignore)]);
  return { json: { app: plan.app, dockerfile: text, ...(dockerignore === undefined ? {} : { dockerignore }) }, text, summary: false };
}

function selfContainedForm({ cwd }: Context, { root }: Workspace, plan: PackPlan, options: DockerfileOptions): SelfContained {
  const below = options.context === undefined ? '' : posixRelative(resolve(cwd, options.context), root);
  if (below.startsWith('..')) {
    throw new StowageError(ErrorCode.Usage, `The workspace root ${root} is not in the build context ${options.context}.`, {
      hint: 'Name the root or a folder above it.',
    });
  }
  return selfContained(plan, options.program ?? `npx --yes stowage@${STOWAGE_VERSION}`, below === '' ? '.' : below);
}

async function check({ cwd }: Context, workspace: Workspace, plan: PackPlan, printed: Printed, checked: string, app: string): Promise<Outcome> {
  const path = resolve(cwd, checked);
  const file = posixRelative(cwd, path);
  const committed = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StowageError(ErrorCode.Usage, `Cannot read ${file}: ${error.code ?? error.message}.`, {
      hint: `\`stowage dockerfile ${app} > ${file}\` makes it.`,
    });
  });
  const generated = committed.startsWith(generatedMark);
  const findings = generated
    ? await staleness(path, file, committed, printed, app)
    : lintDockerfile({
        path: posixRelative(workspace.root, path),
        text: committed,
        closure: plan.closure,
        importers: workspace.importers,
        files: workspace.files,
      }).map((finding) => ({ file, ...finding }));
  const stale = findings.find(({ code }) => code === 'stale');
  return {
    json: { app: plan.app, file, generated, stale: stale !== undefined, ...(stale === undefined ? {} : { line: stale.line }), findings },
    text:
      findings.length === 0
        ? `${file} ${generated ? 'is up to date' : 'has none of the faults that Stowage knows'}.\n`
        : findings.map(({ file, line, code, message, hint }) => `${file}:${line} ${code}: ${message}\n  ${hint}\n`).join(''),
    summary: findings.length === 0,
    found: findings.length > 0,
  };
}

/** A generated Dockerfile, and the ignore file that belongs beside it, against what would be printed now. */
async function staleness(path: string, file: string, committed: string, printed: Printed, app: string): Promise<({ file: string } & Finding)[]> {
  const compare = (name: string, code: string, text: string | undefined, wanted: string | undefined): ({ file: string } & Finding)[] => {
    const line = wanted === undefined ? undefined : firstDifference((text ?? '').replaceAll('\r\n', '\n'), wanted);
    if (line === undefined) return [];
    return [{ file: name, line, code, message: 'It is not what Stowage would write.', hint: howToRenew(name, code, app, printed) }];
  };
  const ignored = printed.dockerignore === undefined ? undefined : await readFile(`${path}.dockerignore`, 'utf8').catch(() => undefined);
  return [
    ...compare(file, 'stale', committed, printed.dockerfile),
    ...compare(`${file}.dockerignore`, 'ignore-file-stale', ignored, printed.dockerignore),
  ];
}

function howToRenew(file: string, code: string, app: string, { dockerignore }: Printed): string {
  if (code !== 'stale') return `It must hold the lines ${JSON.stringify(dockerignore?.trimEnd().split('\n'))}.`;
  return `\`stowage dockerfile ${app}${dockerignore === undefined ? '' : ' --self-contained'} > ${file}\` brings it up to date.`;
}

/** Docker reads it from beside the Dockerfile, under its name. */
function ignoreFile(text: string): Diagnostic {
  const hint = text.trimEnd().replaceAll('\n', '\n  ');
  return { level: 'info', code: 'ignore-file-needed', message: 'Put these lines into <name of the Dockerfile>.dockerignore beside it:', hint };
}

function dockerfileOf({ files }: PackPlan): string {
  const file = files.find(({ path }) => path === 'Dockerfile');
  if (file === undefined || !('text' in file)) throw new Error('the plan holds no Dockerfile');
  return file.text;
}

function posixRelative(from: string, to: string): string {
  return relative(from, to).replaceAll('\\', '/');
}

/** 1-based number of the first line that differs, or undefined where the texts are equal. */
function firstDifference(a: string, b: string): number | undefined {
  if (a === b) return undefined;
  const lines = b.split('\n');
  const index = a.split('\n').findIndex((line, at) => line !== lines[at]);
  return (index === -1 ? a.split('\n').length : index) + 1;
}
