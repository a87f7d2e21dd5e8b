import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A run of a whole process and its children: seconds, those of the processor, and the peak memory of the largest in MB. */
export interface Measure {
  readonly wall: number;
  /** In user code and in the system's: the same on a busy machine, but for what its caches lose. */
  readonly processor: number;
  readonly memory: number;
}

/** The built command line. */
export const stowage = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url));

/** Turbo's own program, named by TURBO: started by npx it would be measured together with npx. */
export function turboProgram(): string {
  const { TURBO } = process.env;
  if (TURBO === undefined) throw new Error('TURBO names no program: node_modules/@turbo/*/bin/turbo of an installed turbo@2.11.11');
  return TURBO;
}

const record = join(mkdtempSync(join(tmpdir(), 'stowage-bench-')), 'record');

/** Needs GNU time as /usr/bin/time. @throws Error where the command fails */
export function measure(command: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Measure {
  const before = performance.now();
  const { status, stderr } = spawnSync('/usr/bin/time', ['--format=%U %S %M', `--output=${record}`, ...command], {
    cwd,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const wall = (performance.now() - before) / 1000;
  if (status !== 0) throw new Error(`${command.join(' ')}\n${stderr}`);
  const [user = 0, system = 0, memory = 0] = readFileSync(record, 'utf8').trim().split(' ').map(Number);
  return { wall, processor: user + system, memory: memory / 1024 };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The median of what each run took against the run of the other in the same round. */
export function ratio(runs: readonly Measure[], others: readonly Measure[], key: keyof Measure): number {
  return median(runs.map((run, round) => run[key] / (others[round]?.[key] ?? Number.NaN)));
}
