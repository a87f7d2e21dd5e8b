import { execFile } from 'node:child_process';

export interface JudgeOptions {
  /** `lock` in seconds, `strict` besides: nothing missing, nothing left over; `full` is the real install. */
  readonly mode: 'lock' | 'strict' | 'full';
  /** `npm@11.11.0` */
  readonly packageManager: string;
  readonly node: number;
  /** The unpruned root: what is wrong there already is not held against the folder. */
  readonly base?: string | undefined;
  /** Flags that the repository itself installs with. */
  readonly flags?: readonly string[] | undefined;
}

export interface Verdict {
  readonly outcome: 'pass' | 'fail' | 'timeout' | 'trouble';
  /** What was seen, in one line. */
  readonly reason: string;
  /** Accepted, but the package manager would write the lockfile otherwise: a failure, unless it would rewrite the unpruned one too. */
  readonly rewritten: boolean;
}

const outcomes = ['pass', 'fail', 'timeout'] as const;
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * Asks the real package manager, through the program that STOWAGE_JUDGE names, whether it accepts a folder as frozen; once more where tools or
 * network failed. A lockfile that the package manager would write otherwise counts as a failure.
 */
export async function judge(folder: string, options: JudgeOptions): Promise<Verdict> {
  const verdict = await runInTurn(() => ask(folder, options));
  return verdict.outcome === 'trouble' ? runInTurn(() => ask(folder, options)) : verdict;
}

function ask(folder: string, { mode, packageManager, node, base, flags = [] }: JudgeOptions): Promise<Verdict> {
  const program = process.env.STOWAGE_JUDGE;
  if (program === undefined) throw new Error('STOWAGE_JUDGE names no program');
  const options = ['-m', mode, '-p', packageManager, '-n', String(node), ...(base === undefined ? [] : ['-b', base])];
  return new Promise((resolve) => {
    execFile(program, [...options, folder, ...(flags.length > 0 ? ['--', ...flags] : [])], { maxBuffer: 1 << 26 }, (error, stdout) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 3;
      const reason = (stdout.trimEnd().split('\n').at(-1) ?? '').replace(/^[A-Z]+\t/, '');
      const rewritten = code === 0 && reason.includes('re-serialised');
      resolve({ outcome: rewritten ? 'fail' : (outcomes[code] ?? 'trouble'), reason, rewritten });
    });
  });
}

async function runInTurn<Value>(task: () => Promise<Value>): Promise<Value> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await task();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
