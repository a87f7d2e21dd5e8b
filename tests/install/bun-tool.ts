import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineRegistry, releasedProgram, toolCache } from '../kit/released-program.ts';

/** Runs bun in a folder; its cache is shared, its settings are the folder's alone. */
export function bun(version: string, folder: string, args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const result = spawnSync(releasedProgram(`bun@${version}`) as string, [...args, '--ignore-scripts', '--no-progress'], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      HOME: toolCache,
      BUN_INSTALL_CACHE_DIR: join(toolCache, 'bun-cache'),
      BUN_CONFIG_REGISTRY: machineRegistry(),
    },
  });
  return { status: result.status, output: `${result.stdout}${result.stderr}` };
}

/** What is wrong with a pruned folder in bun's eyes, if anything; `sources` are lockfiles of which bun makes the folder's own. */
export function refusal(
  version: string,
  folder: string,
  mode: 'deps' | 'prod',
  sources: readonly string[],
  inspect?: (copy: string) => void,
): string | undefined {
  const copy = mkdtempSync(join(tmpdir(), 'stowage-bun-'));
  try {
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
    const frozen = bun(version, copy, ['install', '--frozen-lockfile', ...(mode === 'prod' ? ['--production'] : [])]);
    if (frozen.status !== 0) return frozen.output;
    inspect?.(copy);
    return sources.map((source) => differs(version, copy, source, readFileSync(join(folder, 'bun.lock'), 'utf8'))).find((each) => each !== undefined);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Gives bun a lockfile to write anew for the manifests of a folder. */
function differs(version: string, folder: string, given: string, expected: string): string | undefined {
  writeFileSync(join(folder, 'bun.lock'), given);
  const { status, output } = bun(version, folder, ['install', '--lockfile-only', '--save-text-lockfile']);
  if (status !== 0) return output;
  const written = readFileSync(join(folder, 'bun.lock'), 'utf8');
  return written === expected ? undefined : `bun makes another lockfile of\n${given}\n---\n${expected}\n---\n${written}`;
}
