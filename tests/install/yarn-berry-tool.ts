import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

const cache = join(tmpdir(), 'stowage-test-yarn');

/** The released program of a yarn version, fetched once; undefined where the registry does not answer. */
export function yarnProgram(version: string): string | undefined {
  const program = join(cache, version, 'bin', 'yarn.js');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'fetch-'));
  try {
    const packed = spawnSync('npm', ['pack', '--silent', `@yarnpkg/cli-dist@${version}`], { cwd: work, encoding: 'utf8' });
    if (packed.status !== 0) return undefined;
    execFileSync('tar', ['xzf', packed.stdout.trim()], { cwd: work });
    if (!existsSync(program)) renameSync(join(work, 'package'), join(cache, version));
    return program;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Runs yarn in a folder; its cache is shared, its settings are the folder's alone. */
export function yarn(version: string, folder: string, args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const program = yarnProgram(version);
  if (program === undefined) throw new Error(`yarn ${version} cannot be fetched`);
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', cwd: tmpdir() }).trim();
  const result = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      HOME: cache,
      YARN_GLOBAL_FOLDER: join(cache, 'global'),
      YARN_ENABLE_TELEMETRY: '0',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ''),
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

/** A suite for one release of yarn; skipped loudly, or failed where everything is required, when it cannot be fetched. */
export function describeYarn(version: string, suite: () => void): void {
  if (yarnProgram(version) !== undefined) describe(`yarn ${version}`, suite);
  else if (process.env.STOWAGE_REQUIRE_ALL === '1') throw new Error(`yarn ${version} cannot be fetched from the registry`);
  else {
    console.warn(`SKIPPED yarn ${version}: the registry does not answer`);
    describe.skip(`yarn ${version} (cannot be fetched)`, suite);
  }
}
