import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Gives a folder what `turbo prune` wants of a root, a task and the name of the package manager, and commits all of it. */
export function commitForTurbo(folder: string, packageManager: string): void {
  const manifest = join(folder, 'package.json');
  const root = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, unknown>;
  if (root.packageManager === undefined) writeFileSync(manifest, `${JSON.stringify({ ...root, packageManager }, null, 2)}\n`);
  if (!existsSync(join(folder, 'turbo.json'))) writeFileSync(join(folder, 'turbo.json'), '{ "tasks": { "build": {} } }\n');
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args]);
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'As it is');
}
