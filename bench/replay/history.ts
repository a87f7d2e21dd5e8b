import { execFileSync } from 'node:child_process';

export interface Tracked {
  readonly path: string;
  readonly mode: string;
  readonly blob: string;
}

/** The last `count` commits that lead to `head` by first parents, oldest first. */
export function firstParents(repository: string, head: string, count: number): string[] {
  return git(repository, 'rev-list', '--first-parent', `--max-count=${count}`, head).trim().split('\n').reverse();
}

export function subjectOf(repository: string, commit: string): string {
  return git(repository, 'log', '-1', '--format=%s', commit).trim();
}

/** Every file of a commit. */
export function filesAt(repository: string, commit: string): Tracked[] {
  return git(repository, 'ls-tree', '-r', '-z', commit)
    .split('\0')
    .flatMap((line) => {
      const [, mode, blob, path] = /^(\d+) blob (\w+)\t(.*)$/s.exec(line) ?? [];
      return mode === undefined || blob === undefined || path === undefined ? [] : [{ path, mode, blob }];
    });
}

export function git(repository: string, ...args: string[]): string {
  return execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 });
}
