import { runDocker } from './docker.ts';

interface Machine {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
}

/** The platform that a builder builds for where none is named; undefined where it does not tell, as before its first start. */
export async function defaultPlatform(builder: string | undefined, signal: AbortSignal | undefined): Promise<string | undefined> {
  const { stdout } = await runDocker({ words: ['buildx', 'inspect', ...(builder === undefined ? [] : [builder])], signal });
  return /^Platforms:\s+([^\s,*]+)/m.exec(stdout)?.[1];
}

/** Whether an image is there for all the platforms that are wanted. */
export function covers(machines: readonly Machine[], wanted: readonly string[]): boolean {
  const there = new Set(machines.map(({ os, architecture, variant }) => normal([os, architecture, variant].filter(Boolean).join('/'))));
  return wanted.every((platform) => there.has(normal(platform)));
}

/** ARM's 64 bit variant 8 is what no variant means. */
function normal(platform: string): string {
  return platform.replace(/^linux\/arm64\/v8$/, 'linux/arm64');
}
