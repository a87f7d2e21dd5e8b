import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
export const bin = join(repository, 'packages/cli/dist/bin.js');

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: string;
  /** Sends SIGINT to the program alone once this holds. */
  readonly interruptWhen?: () => boolean;
  /** Called with each piece of the standard error. */
  readonly onStderr?: (text: string) => void;
}

const changesOutput = /^(CI$|CI_|GITHUB_|GITLAB_CI$|NO_COLOR$|FORCE_COLOR$)/;

/** Runs the built program; its environment is this process's, without what would colour or change the output. */
export function stowage(
  args: readonly string[],
  { cwd = repository, env = {}, program = bin, interruptWhen, onStderr }: RunOptions = {},
): Promise<Run> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !changesOutput.test(name)));
  return run(process.execPath, [program, ...args], cwd, { ...inherited, ...env }, { interruptWhen, onStderr });
}

/** Builds the program from the sources as they are; it takes a second where nothing changed. */
export async function buildProgram(): Promise<void> {
  const { status, stdout, stderr } = await run(process.execPath, ['tools/setup.mjs'], repository, process.env);
  if (status !== 0) throw new Error(`the program cannot be built:\n${stdout}${stderr}`);
}

/** Lays files out in a temporary folder. */
export function layOut(files: Readonly<Record<string, string>>): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-cli-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  { interruptWhen, onStderr }: { [Key in 'interruptWhen' | 'onStderr']?: RunOptions[Key] | undefined } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      err.push(chunk);
      onStderr?.(chunk.toString());
    });
    const poll = setInterval(() => {
      if (!interruptWhen?.()) return;
      clearInterval(poll);
      child.kill('SIGINT');
    }, 20);
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(poll);
      resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}
