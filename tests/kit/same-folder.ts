import { spawnSync } from 'node:child_process';

/**
 * Whether two pruned folders are the same to Docker, as `diff -r` and `find` see it: contents, links and modes. `plan.json` is for people and
 * tools: no stage copies it.
 */
export function sameFolder(one: string, other: string): boolean {
  const { status, stderr } = spawnSync('diff', ['-rq', '--no-dereference', '--exclude=plan.json', one, other], { encoding: 'utf8' });
  if (status !== 0 && status !== 1) throw new Error(`diff -r ${one} ${other}: ${stderr}`);
  return status === 0 && modesIn(one) === modesIn(other);
}

function modesIn(folder: string): string {
  const { status, stdout, stderr } = spawnSync('find', [folder, '-printf', '%P %M\\n'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`find ${folder}: ${stderr}`);
  return stdout.split('\n').sort().join('\n');
}
