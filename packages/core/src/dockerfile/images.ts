import type { ServerPlan } from '../presets/preset.ts';

/** Images that the stages start from. */
export const nodeImage = (major: number): string => `node:${major}-slim`;
export const staticServerImage = 'nginxinc/nginx-unprivileged:stable';

/** What a program runs in: Node's own image, or for another engine, which is one file, the system that Node's image is made from. */
export const runtimeImage = (engine: ServerPlan['engine'], major: number): string =>
  engine === undefined ? nodeImage(major) : 'debian:bookworm-slim';

/** Who runs a program there, as `USER` and `chown` take it. */
export const runtimeUser = (engine: ServerPlan['engine']): string => (engine === undefined ? 'node' : '1000:1000');
