import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PackPlan, Workspace } from '@stowage/core';
import { pack, readWorkspace, writePlan } from '@stowage/core';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** A throw-away git repository that a test edits. */
export class Repository {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.git('init', '--quiet');
    this.git('add', '--all');
    this.commit('start');
  }

  static ofExample(name: string): Repository {
    const folder = mkdtempSync(join(tmpdir(), 'stowage-test-'));
    cpSync(join(examples, name), folder, { recursive: true, filter: (path) => !/\/(node_modules|dist|out)$/.test(path) });
    return new Repository(folder);
  }

  static of(files: Readonly<Record<string, string>>): Repository {
    const folder = mkdtempSync(join(tmpdir(), 'stowage-test-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return new Repository(folder);
  }

  git(...args: string[]): string {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid', '-c', 'commit.gpgsign=false'];
    return execFileSync('git', ['-C', this.folder, ...identity, ...args], { encoding: 'utf8' });
  }

  commit(message: string): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', message);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  edit(path: string, change: (text: string) => string): void {
    const before = this.read(path);
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${path} changes nothing`);
    this.write(path, after);
  }

  /** Back to the last commit. */
  restore(): void {
    this.git('reset', '--hard', '--quiet');
    this.git('clean', '-fdq');
  }

  run(program: string, ...args: string[]): string {
    return execFileSync(program, args, { cwd: this.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CI: '1' } });
  }

  /** Packs an app into a folder outside the repository. */
  async pack(app: string): Promise<{ plan: PackPlan; workspace: Workspace; folder: string }> {
    const workspace = await readWorkspace(this.folder);
    const plan = await pack(workspace, app);
    const folder = `${this.folder}-out/${plan.app.name.replace('/', '+')}`;
    await writePlan(plan, workspace, folder);
    return { plan, workspace, folder };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(`${this.folder}-out`, { recursive: true, force: true });
  }
}
