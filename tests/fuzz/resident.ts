import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { compileCache } from './compile-cache.ts';

interface Job {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly registry: string;
}

interface Resident {
  readonly child: ChildProcess;
  jobs: number;
}

const script = fileURLToPath(new URL('resident-program.cjs', import.meta.url));
const residents = new Map<string, Resident>();
/** What programs leave in memory must not add up. */
const mostJobs = 100;
const limit = 40_000;

/** Whether a program ends well on a job. One process does many, so a failure may be an earlier job's doing: ask again in a process of its own. */
export function succeedsResident(node: string, program: string, job: Job): Promise<boolean> {
  const { child } = residentOf(node, program);
  const [statuses, jobs] = [child.stdio[3] as Readable, child.stdio[4] as Writable];
  return new Promise((resolve) => {
    const done = (isGood: boolean): void => {
      clearTimeout(timer);
      statuses.off('data', hear);
      child.off('close', leave);
      if (!isGood) dismiss(program);
      resolve(isGood);
    };
    const hear = (status: Buffer): void => done(status.toString().trim() === '0');
    const leave = (): void => done(false);
    const timer = setTimeout(leave, limit);
    statuses.on('data', hear);
    child.on('close', leave);
    jobs.write(`${JSON.stringify(job)}\n`);
  });
}

function residentOf(node: string, program: string): Resident {
  const known = residents.get(program);
  if (known !== undefined && known.jobs++ < mostJobs) return known;
  if (known !== undefined) dismiss(program);
  const child = spawn(node, [script, program], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  // a test that is over shall not wait for it
  child.unref();
  for (const pipe of [child.stdio[3], child.stdio[4]]) {
    pipe?.on('error', () => {});
    (pipe as unknown as { unref(): void }).unref();
  }
  const resident = { child, jobs: 1 };
  residents.set(program, resident);
  return resident;
}

function dismiss(program: string): void {
  residents.get(program)?.child.kill('SIGKILL');
  residents.delete(program);
}
