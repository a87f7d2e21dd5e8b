import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

/** Folder that package managers under test keep their programs and caches in. */
export const toolCache = join(tmpdir(), 'stowage-test-tools');

/** The program of a released package (`yarn@1.22.22`), installed once; undefined where the registry does not answer. */
export function releasedProgram(spec: string, called = calledAs(spec)): string | undefined {
  const home = join(toolCache, spec.replace('/', '+'));
  const bin = join(home, 'node_modules', '.bin', called);
  if (existsSync(bin)) return bin;
  mkdirSync(toolCache, { recursive: true });
  const work = mkdtempSync(join(toolCache, 'fetch-'));
  writeFileSync(join(work, 'package.json'), '{"private":true}');
  const installed = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--silent', spec], { cwd: work });
  if (installed.status === 0) putAt(home, work);
  rmSync(work, { recursive: true, force: true });
  return existsSync(bin) ? bin : undefined;
}

/** As the package is, without its scope. */
function calledAs(spec: string): string {
  return (/^(?:@[^/]+\/)?([^@]+)/.exec(spec) as RegExpExecArray)[1] as string;
}

/** Another worker may have been quicker; what it installed stays. An empty folder, which a cleaning left, is replaced. */
function putAt(home: string, work: string): void {
  try {
    renameSync(work, home);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** A suite for one release of a program; skipped loudly, or failed where everything is required, when it cannot be fetched. */
export function describeReleased(spec: string, suite: () => void, called?: string): void {
  if (releasedProgram(spec, called) !== undefined) describe(spec, suite);
  else if (process.env.STOWAGE_REQUIRE_ALL === '1') throw new Error(`${spec} cannot be fetched from the registry`);
  else {
    console.warn(`SKIPPED ${spec}: the registry does not answer`);
    describe.skip(`${spec} (cannot be fetched)`, suite);
  }
}

/** The registry that the machine's npm uses, without a slash at the end. */
export function machineRegistry(): string {
  return spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', cwd: tmpdir() }).stdout.trim().replace(/\/$/, '');
}
