import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { type Affected, imageName } from '@stowage/core';
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

/** Appends the outputs to the file of the step, each between delimiters that no value can hold. */
export function appendOutputs(file: string, outputs: ReadonlyMap<string, string>): void {
  const mark = `stowage-${randomUUID()}`;
  appendFileSync(file, [...outputs].map(([name, value]) => `${name}<<${mark}\n${value}\n${mark}\n`).join(''));
}
