import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { type Diagnostic, ErrorCode, type PackPlan, StowageError, selfContained } from '@stowage/core';
import { type Context, type Outcome, open, packAll } from '../command.ts';

export interface DockerfileOptions {
  readonly check?: string;
  readonly selfContained?: true;
}

export async function dockerfile(context: Context, app: string, options: DockerfileOptions): Promise<Outcome> {
  const workspace = await open(context);
  const [plan] = (await packAll(workspace, [app])) as [PackPlan];
  context.reporter.diagnostics(plan.diagnostics);
  const whole = options.selfContained ? selfContained(plan, `npx --yes stowage@${STOWAGE_VERSION}`) : undefined;
  const text = whole?.dockerfile ?? dockerfileOf(plan);
  if (options.check === undefined) {
    if (whole !== undefined) context.reporter.diagnostics([ignoreFile(whole.dockerignore)]);
    return { json: { app: plan.app, dockerfile: text, ...(whole === undefined ? {} : { dockerignore: whole.dockerignore }) }, text, summary: false };
  }

  const file = relative(context.cwd, resolve(context.cwd, options.check)).replaceAll('\\', '/');
  const committed = await readFile(resolve(context.cwd, options.check), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StowageError(ErrorCode.Usage, `Cannot read ${file}: ${error.code ?? error.message}.`, {
      hint: `\`stowage dockerfile ${app} > ${file}\` makes it.`,
    });
  });
  const line = firstDifference(committed.replaceAll('\r\n', '\n'), text);
  const stale = line !== undefined;
  return {
    json: { app: plan.app, file, stale, ...(stale ? { line } : {}) },
    text: stale
      ? `${file} is stale from line ${line} on. \`stowage dockerfile ${app} > ${file}\` brings it up to date.\n`
      : `${file} is up to date.\n`,
    summary: !stale,
    found: stale,
  };
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

/** 1-based number of the first line that differs, or undefined where the texts are equal. */
function firstDifference(a: string, b: string): number | undefined {
  if (a === b) return undefined;
  const lines = b.split('\n');
  const index = a.split('\n').findIndex((line, at) => line !== lines[at]);
  return (index === -1 ? a.split('\n').length : index) + 1;
}
