import type { Stage } from '../model.ts';

/** The Dockerfile's text: a line that tells where it comes from, then the stages. */
export function renderDockerfile(app: string, stages: readonly Stage[]): string {
  const head = `# Made by Stowage for ${app}: change its config, not this file.\n`;
  return head + stages.map(renderStage).join('');
}

export function renderStage({ name, from, instructions }: Stage): string {
  return `\n${[`FROM ${from} AS ${name}`, ...instructions].join('\n')}\n`;
}
