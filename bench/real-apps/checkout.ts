import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Edit, RealApp, RealRepository } from './real-app.ts';

/** A throw-away copy of a repository at a commit. */
export class Checkout {
  readonly folder: string;

  /** `clones` holds one clone per repository, named as the repository or `owner+name`. */
  constructor({ repository, commit }: RealRepository, clones: string) {
    const [, name = ''] = repository.split('/');
    const clone = [name, repository.replace('/', '+'), name.replace(/\..*/, '')].map((each) => join(clones, each)).find(existsSync);
    if (clone === undefined) throw new Error(`no clone of ${repository} in ${clones}`);
    this.folder = mkdtempSync(join(tmpdir(), 'stowage-real-'));
    execFileSync('git', ['clone', '--quiet', '--shared', '--no-checkout', clone, this.folder]);
    this.#checkOut(commit);
  }

  /** Where a stowage config beside this file is for the app, it goes into the app's folder. */
  configure({ id, folder }: RealApp): void {
    const config = fileURLToPath(new URL(`${id.replace('/', '-')}.json`, import.meta.url));
    if (existsSync(config)) cpSync(config, join(this.folder, folder, 'stowage.json'));
  }

  edit({ path, before, after }: Edit): void {
    const text = readFileSync(join(this.folder, path), 'utf8');
    if (!text.includes(before)) throw new Error(`${path} does not hold ${JSON.stringify(before)}`);
    writeFileSync(
      join(this.folder, path),
      text.replace(before, () => after),
    );
  }

  write(files: ReadonlyMap<string, string>): void {
    for (const [path, text] of files) writeFileSync(join(this.folder, path), text);
  }

  /** Files that are from now on as the commit's own: nothing undoes them, and no change counts them. */
  settle(files: ReadonlyMap<string, string>): void {
    if (files.size === 0) return;
    this.write(files);
    this.#git('add', '--', ...files.keys());
  }

  /** Runs a program in the copy. */
  run([program = '', ...args]: readonly string[]): void {
    execFileSync(program, args, { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28 });
  }

  /** Tracked files that differ from the commit. */
  changed(): ReadonlyMap<string, string> {
    const paths = this.#git('diff', '--name-only', '-z').split('\0').filter(Boolean);
    return new Map(paths.map((path) => [path, readFileSync(join(this.folder, path), 'utf8')]));
  }

  /** Undoes edits of tracked files. */
  restore(): void {
    this.#git('checkout', '--quiet', '--', '.');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A mirror may lack large files, at which git's own checkout ends with an error: they leave the copy's index too. */
  #checkOut(commit: string): void {
    this.#git('update-ref', '--no-deref', 'HEAD', commit);
    this.#git('read-tree', commit);
    spawnSync('git', ['-C', this.folder, 'checkout-index', '--all', '--force', '--quiet'], { stdio: 'ignore' });
    const lacking = this.#git('ls-files', '--deleted', '-z').split('\0').filter(Boolean);
    if (lacking.length === 0) return;
    console.error(`the clone lacks ${lacking.length} files, among them ${lacking[0]}`);
    this.#git('rm', '--cached', '--quiet', '--', ...lacking);
  }

  #git(...args: string[]): string {
    return execFileSync('git', ['-C', this.folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 });
  }
}
