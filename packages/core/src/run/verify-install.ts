import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { x } from 'tinyexec';
import { ErrorCode, StowageError } from '../errors.ts';
import type { PackageManager } from '../model.ts';
import { adapterOf } from '../package-managers/list.ts';

export interface Verification {
  readonly ok: boolean;
  readonly mode: 'deps' | 'prod';
  readonly packageManager: string;
  readonly command: string;
  /** What the package manager printed, both streams. */
  readonly output: string;
}

/**
 * Has the real package manager, of exactly the workspace's version, install a written folder frozen, in a copy; scripts do not run.
 * @throws StowageError ToolMissing where npx cannot be started
 */
export async function verifyInstall(
  folder: string,
  mode: 'deps' | 'prod',
  packageManager: PackageManager,
  signal?: AbortSignal,
): Promise<Verification> {
  const words = verifyWords(packageManager, mode);
  const copy = await mkdtemp(join(tmpdir(), 'stowage-verify-'));
  try {
    await cp(join(folder, mode), copy, { recursive: true, verbatimSymlinks: true });
    const [program = '', ...args] = words;
    const { exitCode, stdout, stderr } = await start(program, args, copy, signal);
    return {
      ok: exitCode === 0,
      mode,
      packageManager: `${packageManager.id} ${packageManager.version}`,
      command: words.join(' '),
      output: [stdout, stderr]
        .map((text) => text.trim())
        .filter((text) => text !== '')
        .join('\n')
        .replaceAll(copy, '.'),
    };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** A manager that needs a newer Node than this process's gets one from npx too. */
export function verifyWords(packageManager: PackageManager, mode: 'deps' | 'prod'): readonly string[] {
  const adapter = adapterOf(packageManager.id);
  const [npx = '', yes = '', ...rest] = adapter.verifyCommand(packageManager, mode);
  const needed = adapter.minimumNode?.(packageManager.version) ?? 0;
  return needed > Number(process.versions.node.split('.')[0]) ? [npx, yes, `--package=node@${needed}`, ...rest] : [npx, yes, ...rest];
}

async function start(
  program: string,
  args: string[],
  cwd: string,
  signal: AbortSignal | undefined,
): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  try {
    return await x(program, args, { nodeOptions: { cwd, env: { CI: '1' } }, ...(signal === undefined ? {} : { signal }) });
  } catch (cause) {
    throw new StowageError(ErrorCode.ToolMissing, `${program} cannot be started.`, { hint: 'Is Node with npm installed?', cause });
  }
}
