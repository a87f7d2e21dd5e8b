import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { ErrorCode, type PackPlan, pack, StowageError } from '@stowage/core';
import { type Context, type Outcome, open } from '../command.ts';

export async function dockerfile(context: Context, app: string, options: { readonly check?: string }): Promise<Outcome> {
  const workspace = await open(context);
  const plan = await pack(workspace, app);
  context.reporter.diagnostics(plan.diagnostics);
  const text = dockerfileOf(plan);
  if (options.check === undefined) return { json: { app: plan.app, dockerfile: text }, text, summary: false };

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
