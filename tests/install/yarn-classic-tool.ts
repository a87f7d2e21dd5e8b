import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineRegistry, releasedProgram, toolCache } from '../kit/released-program.ts';

/** Runs yarn 1 in a folder; its cache is shared, its settings are the folder's alone. */
export function yarn(version: string, folder: string, args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const program = releasedProgram(`yarn@${version}`) as string;
  const cache = join(toolCache, `yarn-cache-${process.pid}`);
  const result = spawnSync(program, [...args, '--ignore-scripts', '--non-interactive', '--cache-folder', cache, '--registry', machineRegistry()], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, HOME: toolCache },
  });
  return { status: result.status, output: `${result.stdout}${result.stderr}` };
}

/** Installs a copy of a pruned folder, frozen and then not; what yarn says where it fails, or where it changes the lockfile. */
export function refusal(version: string, folder: string, mode: 'deps' | 'prod', inspect?: (copy: string) => void): string | undefined {
  const copy = mkdtempSync(join(tmpdir(), 'stowage-classic-'));
  try {
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
    const frozen = yarn(version, copy, ['install', '--frozen-lockfile', ...(mode === 'prod' ? ['--production'] : [])]);
    if (frozen.status !== 0) return frozen.output;
    inspect?.(copy);
    if (!existsSync(join(folder, 'yarn.lock'))) return 'no yarn.lock';
    // A frozen install looks at the root's own dependencies alone; only this one walks the whole lockfile.
    const thawed = yarn(version, copy, ['install', '--force']);
    if (thawed.status !== 0) return thawed.output;
    const [before, after] = [folder, copy].map((each) => readFileSync(join(each, 'yarn.lock'), 'utf8'));
    return before === after ? undefined : `yarn writes another lockfile\n${before}\n---\n${after}\n${thawed.output}`;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
