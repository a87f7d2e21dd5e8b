import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { type Affected, ErrorCode, imageName, StowageError } from '@stowage/core';
import { reasonOf } from './affected-json.ts';

/** A matrix of GitHub Actions makes at most so many jobs. */
const mostJobs = 256;

/** What a later job reads of the step: `matrix` (and `matrix_2`, ... where one is not enough), `any`, `count`, `chunks`. */
export function githubOutputs({ apps }: Affected): ReadonlyMap<string, string> {
  const entries = apps.map((app) => ({
    name: app.name,
    app: app.id,
    target: imageName({ app }),
    identity: app.identity,
    reason: reasonOf(app),
  }));
  const chunks = Array.from({ length: Math.max(1, Math.ceil(entries.length / mostJobs)) }, (_, at) =>
    entries.slice(at * mostJobs, (at + 1) * mostJobs),
  );
  return new Map([
    ...chunks.map((include, at): [string, string] => [at === 0 ? 'matrix' : `matrix_${at + 1}`, JSON.stringify({ include })]),
    ['any', String(apps.length > 0)],
    ['count', String(apps.length)],
    ['chunks', String(chunks.length)],
  ]);
}

/** `name=value` lines, which a shell can append to GITHUB_OUTPUT. JSON of one line needs no delimiter. */
export function renderOutputs(outputs: ReadonlyMap<string, string>): string {
  return [...outputs].map(([name, value]) => `${name}=${value}\n`).join('');
}

/** As GITHUB_OUTPUT takes them, each between delimiters that no value can hold. */
export function delimited(outputs: ReadonlyMap<string, string>): string {
  const mark = `stowage-${randomUUID()}`;
  return [...outputs].map(([name, value]) => `${name}<<${mark}\n${value}\n${mark}\n`).join('');
}

/**
 * Appends to a file that the runner reads after the step; nothing where there is none.
 * @throws StowageError Usage where the file cannot be written
 */
export function appendToStep(variable: 'GITHUB_OUTPUT' | 'GITHUB_STEP_SUMMARY', text: string): void {
  const file = process.env[variable];
  if (file === undefined || file === '') return;
  try {
    appendFileSync(file, text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StowageError(ErrorCode.Usage, `${variable} names ${file}, which cannot be written: ${code ?? message}.`, {
      hint: 'In a container, mount the folder of that file; elsewhere, unset the variable.',
    });
  }
}
