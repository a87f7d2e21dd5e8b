import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Ignore } from 'ignore';
import { byCodeUnit } from '../order.ts';
import { pushFromDisk } from './list-git.ts';
import type { ListedFile } from './listed-files.ts';

/** The same list as git's for a folder without git: all files but those that a `.gitignore` on the way names. */
export async function listPlain(folder: string): Promise<ListedFile[]> {
  const [{ default: glob }, { default: ignore }] = await Promise.all([import('fast-glob'), import('ignore')]);
  const paths = await glob('**/*', {
    cwd: folder,
    dot: true,
    onlyFiles: false,
    markDirectories: true,
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**', '**/.git/**', '**/.git'],
  });
  const rules = new Map<string, Ignore>();
  for (const path of paths.filter((path) => posix.basename(path) === '.gitignore')) {
    rules.set(dirname(path), ignore().add(readFileSync(join(folder, path), 'utf8')));
  }
  const files: ListedFile[] = [];
  for (const path of paths.sort(byCodeUnit)) {
    if (!path.endsWith('/') && !isIgnored(path, rules)) pushFromDisk(files, folder, path);
  }
  return files;
}

/** A deeper ignore file outweighs a higher one, as in git. */
function isIgnored(path: string, rules: ReadonlyMap<string, Ignore>): boolean {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const rule = rules.get(folder);
    const result = rule?.test(folder === '.' ? path : path.slice(folder.length + 1));
    if (result?.ignored) return true;
    if (result?.unignored) return false;
    if (folder === '.') return false;
  }
}
