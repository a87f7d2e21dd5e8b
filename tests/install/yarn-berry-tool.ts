import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeReleased, machineRegistry, releasedProgram, toolCache } from '../kit/released-program.ts';

/** The program of a release of yarn 2 or later; undefined where the registry does not answer. */
export const yarnProgram = (version: string): string | undefined => releasedProgram(packageOf(version), 'yarn');

/** A suite for one of its releases. */
export const describeYarn = (version: string, suite: () => void): void => describeReleased(packageOf(version), suite, 'yarn');

const packageOf = (version: string): string => `@yarnpkg/cli-dist@${version}`;

/** Runs yarn in a folder; its cache is shared, its settings are the folder's alone. */
export function yarn(version: string, folder: string, args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const result = spawnSync(yarnProgram(version) as string, args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      HOME: toolCache,
      YARN_GLOBAL_FOLDER: join(toolCache, 'yarn-global'),
      YARN_ENABLE_TELEMETRY: '0',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      YARN_NPM_REGISTRY_SERVER: machineRegistry(),
      // Releases of yesterday are as good as any for a test; yarn refuses settings that it does not know.
      ...(version.localeCompare('4.10', 'en', { numeric: true }) >= 0 ? { YARN_NPM_MINIMAL_AGE_GATE: '0' } : {}),
    },
  });
  return { status: result.status, output: `${result.stdout}${result.stderr}` };
}

/** Installs a copy of a pruned folder as an image would; what yarn says where it fails, or where it changes the lockfile. */
export function refusal(version: string, folder: string): string | undefined {
  const copy = mkdtempSync(join(tmpdir(), 'stowage-berry-'));
  try {
    cpSync(folder, copy, { recursive: true });
    const { status, output } = yarn(version, copy, ['install', '--immutable', '--mode=skip-build']);
    if (status !== 0) return output;
    const same = readFileSync(join(copy, 'yarn.lock'), 'utf8') === readFileSync(join(folder, 'yarn.lock'), 'utf8');
    return same ? undefined : `the lockfile was changed\n${output}`;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
