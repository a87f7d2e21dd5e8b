import { execFileSync } from 'node:child_process';

/** Megabytes on disk, unpacked, of what an image has over the image that its last stage starts from. */
export function addedToBase(image: string, dockerfile: string): number {
  return (sizeOf(image) - sizeOf(baseOf(dockerfile))) / 1e6;
}

function sizeOf(image: string): number {
  const sizes = execFileSync('docker', ['history', '--human=false', '--format={{.Size}}', image], { encoding: 'utf8' });
  return sizes
    .trim()
    .split('\n')
    .reduce((sum, size) => sum + Number(size), 0);
}

/** The image that the last stage starts from, through other stages. */
function baseOf(dockerfile: string): string {
  const stages = [...dockerfile.matchAll(/^FROM\s+(\S+)(?:\s+AS\s+(\S+))?/gim)].map(([, from = '', name]) => ({ from, name }));
  let base = stages.at(-1)?.from ?? '';
  for (let stage = stages.find(({ name }) => name === base); stage !== undefined; stage = stages.find(({ name }) => name === base)) base = stage.from;
  return base;
}
