import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { yarnProgram } from '../install/yarn-berry-tool.ts';
import { stowage } from './cli.ts';
import { releasedProgram } from './released-program.ts';

/** A release of Nx, and the package manager that its workspace is installed with; `yarn` is yarn 4. */
export interface GeneratedBy {
  readonly nx: string;
  readonly manager: string;
  readonly version: string;
}

/**
 * Every workspace is made of what was released by then. A mirror may have later packages without those for each platform, which yarn refuses to
 * lock, and of which npm makes a lockfile that it refuses itself.
 */
const asOf = new Date('2026-09-14');

const plain = ['--linter=none', '--unitTestRunner=none', '--no-interactive'];
export const nestAndReact = [
  ['@nx/nest:application', 'apps/api', '--e2eTestRunner=none'],
  ['@nx/react:application', 'apps/web', '--bundler=vite', '--style=css', '--routing=false', '--e2eTestRunner=none'],
] as const;

/** A workspace called `one` that `create-nx-workspace` and the generators of Nx's first-party plugins make, committed. */
export class GeneratedNxWorkspace {
  readonly home = mkdtempSync(join(tmpdir(), 'stowage-nx-generated-'));
  readonly folder = join(this.home, 'one');
  /** Of what Stowage runs. */
  readonly env: Record<string, string>;
  readonly #add: readonly string[];

  /** @param withManifests whether projects have manifests in a workspace of the package manager, or the root's alone */
  constructor({ nx, manager, version }: GeneratedBy, withManifests: boolean, generators: readonly (readonly string[])[]) {
    this.env = {
      PATH: `${programsOf(manager, version, this.home)}:${process.env.PATH}`,
      ...{ NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', CI: 'true' },
      YARN_NPM_REGISTRY_SERVER: execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, ''),
      // as under Corepack, yarn then names its version in the manifest instead of fetching itself once more
      ...{ YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', COREPACK_ROOT: '/corepack' },
      // the days since then
      YARN_NPM_MINIMAL_AGE_GATE: `${Math.ceil((Date.now() - asOf.getTime()) / 86_400_000)}d`,
    };
    const toRoot = manager === 'pnpm' && withManifests ? ['--workspace-root'] : [];
    this.#add = [manager, manager === 'npm' ? 'install' : 'add', ...toRoot];
    const options = [`--workspaces=${withManifests}`, `--pm=${manager}`, '--nxCloud=skip', '--analytics=false', '--interactive=false'];
    this.#run(this.home, 'npx', '--yes', `create-nx-workspace@${nx}`, 'one', `--preset=${withManifests ? 'ts' : 'apps'}`, ...options);
    this.add('-D', ...['nest', 'react', 'vite', 'webpack', 'node'].map((name) => `@nx/${name}@${nx}`));
    for (const [name = '', ...words] of generators) this.run('npx', 'nx', 'generate', name, ...words, ...plain);
  }

  /** Runs a command in the workspace that must succeed. */
  run(...words: string[]): string {
    return this.#run(this.folder, ...words);
  }

  /** Adds packages to the root manifest. */
  add(...packages: string[]): void {
    this.run(...this.#add, ...packages);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  json(path: string) {
    return JSON.parse(readFileSync(join(this.folder, path), 'utf8'));
  }

  commit(): void {
    this.run('git', 'add', '--all');
    this.run('git', '-c', 'user.name=test', '-c', 'user.email=test@example.invalid', 'commit', '--quiet', '--no-verify', '--message=app');
  }

  /** Runs `stowage`, which must succeed. */
  async stowage(...words: string[]): Promise<void> {
    const { status, stderr } = await stowage(words, { cwd: this.folder, env: this.env });
    expect(status, stderr.slice(-6000)).toBe(0);
  }

  /** Packs an app into a folder beside the workspace. */
  async prune(app: string, out: string, ...options: string[]): Promise<string> {
    await this.stowage('prune', app, '--out', join(this.home, out), ...options);
    return join(this.home, out);
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  #run(cwd: string, ...[name = '', ...args]: string[]): string {
    const { status, stdout, stderr } = spawnSync(name, args, {
      cwd,
      env: { ...process.env, ...this.env, npm_config_before: asOf.toISOString() },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (status !== 0) throw new Error(`${name} ${args.join(' ')} failed (${status}):\n${stdout}\n${stderr}`);
    return stdout;
  }
}

/** A folder for PATH with exactly this package manager. */
function programsOf(manager: string, version: string, home: string): string {
  if (manager !== 'yarn') return dirname(releasedProgram(`${manager}@${version}`) as string);
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'yarn'), `#!/bin/sh\nexec ${process.execPath} ${yarnProgram(version)} "$@"\n`, { mode: 0o755 });
  return bin;
}
