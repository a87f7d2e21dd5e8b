/**
 * What BuildKit runs again for a change: the two folders of an app are built one after the other by the real engine, with the Dockerfile's own
 * stages, copies and mounts, but with commands that take no time. Each leaves something new behind, as a real one may.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PackPlan, type Stage, type Step, stepsOf } from '@stowage/core';
import { stageOf } from '../../packages/core/src/compare/compare-plans.ts';
import { type Step as Recorded, recordOf } from '../../tests/kit/engine.ts';

export interface Packed {
  readonly plan: PackPlan;
  readonly folder: string;
}

/** The steps of the later image that BuildKit did not take from its cache. */
export async function rebuiltSteps(before: Packed, after: Packed): Promise<Step[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'stowage-engine-'));
  const marker = randomUUID();
  const buildOne = ({ plan, folder }: Packed): Promise<Recorded[]> => {
    const file = join(scratch, 'Dockerfile');
    writeFileSync(file, standInDockerfile(plan.stages, marker));
    return recordOf('--output=type=cacheonly', `--file=${file}`, folder);
  };
  try {
    await buildOne(before);
    const record = await buildOne(after);
    return stepsOf(after.plan).filter((step) => record.some(({ stage, cached }) => stage === stageOf(step, after.plan.stages) && !cached));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function standInDockerfile(stages: readonly Stage[], marker: string): string {
  return stages
    .map(({ name, from, instructions }) => {
      const places = ['/app', ...stages.flatMap((stage) => stage.instructions.flatMap((instruction) => copiedFrom(name, instruction)))];
      const lines = instructions.map((instruction) => (instruction.startsWith('RUN ') ? standInCommand(instruction, places) : instruction));
      const own = from === 'scratch' ? [] : [`ENV STOWAGE_BENCH=${marker}`];
      return [`FROM ${from} AS ${name}`, ...own, ...lines, ''].join('\n');
    })
    .join('\n');
}

function copiedFrom(stage: string, instruction: string): string[] {
  const [, from, sources] = /^COPY (?:--\S+ )*--from=(\S+) (?:--\S+ )*(.*) \S+$/.exec(instruction) ?? [];
  return from === stage && sources !== undefined ? sources.split(' ').map((source) => source.replaceAll('*', 'any')) : [];
}

/** What a mount binds is part of what BuildKit compares; what it caches is not. */
function standInCommand(instruction: string, places: readonly string[]): string {
  const head = instruction.split('<<')[0] ?? '';
  const binds = head.match(/--mount=type=bind\S*/g) ?? [];
  const command = Buffer.from(instruction).toString('base64').slice(-4000);
  const stamp = (place: string): string => `{ mkdir -p ${place} && head -c 16 /dev/urandom > ${place}/.stamp; } || true`;
  return ['RUN', ...binds, [`: ${command}`, ...places.map(stamp)].join('; ')].join(' ');
}
