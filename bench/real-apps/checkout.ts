import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Edit, RealApp } from './real-app.ts';

/** A throw-away copy of a repository at a commit. */
export class Checkout {
  readonly folder: string;

  /** `clones` holds one clone per repository, named as the repository or `owner+name`. */
  constructor({ repository, commit }: RealApp, clones: string) {
    const [, name = ''] = repository.split('/');
    const clone = [name, repository.replace('/', '+')].map((each) => join(clones, each)).find(existsSync);
    if (clone === undefined) throw new Error(`no clone of ${repository} in ${clones}`);
    this.folder = mkdtempSync(join(tmpdir(), 'stowage-real-'));
    execFileSync('git', ['clone', '--quiet', '--shared', '--no-checkout', clone, this.folder]);
    this.#git('checkout', '--quiet', '--detach', commit);
  }

  /** Where a stowage config beside this file is for the app, it goes into the app's folder. */
  configure({ id, folder }: RealApp): void {
    const config = fileURLToPath(new URL(`${id.replace('/', '-')}.json`, import.meta.url));
    if (existsSync(config)) cpSync(config, join(this.folder, folder, 'stowage.json'));
  }

  edit({ path, before, after }: Edit): void {
    const text = readFileSync(join(this.folder, path), 'utf8');
    if (!text.includes(before)) throw new Error(`${path} does not hold ${JSON.stringify(before)}`);
    writeFileSync(join(this.folder, path), text.replaceAll(before, after));
  }

  /** Undoes edits of tracked files. */
  restore(): void {
    this.#git('checkout', '--quiet', '--', '.');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #git(...args: string[]): void {
    execFileSync('git', ['-C', this.folder, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}
