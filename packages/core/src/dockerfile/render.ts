import type { Stage } from '../model.ts';

/** How each generated file begins. */
export const generatedMark = '# Made by Stowage for ';

/** The Dockerfile's text: a line that tells where it comes from, then the stages. */
export function renderDockerfile(app: string, stages: readonly Stage[]): string {
  const head = `${generatedMark}${app}: change its config, not this file.\n`;
  return head + stages.map(renderStage).join('');
}

export function renderStage({ name, from, platform, instructions }: Stage): string {
  const flag = platform === undefined ? '' : '--platform=$BUILDPLATFORM ';
  return `\n${[`FROM ${flag}${from} AS ${name}`, ...instructions].join('\n')}\n`;
}
