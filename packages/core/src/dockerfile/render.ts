import type { Stage } from '../model.ts';

/** How each generated file begins. */
export const generatedMark = '# Made by Stowage for ';

/**
 * For hadolint, whose other rules find nothing: the system's packages have no version, as Debian and Alpine keep only the newest, and
 * `--platform=$BUILDPLATFORM` is what makes a stage once for all platforms.
 */
const ignored = '# hadolint global ignore=DL3008,DL3018,DL3029\n';

/** The Dockerfile's text: a line that tells where it comes from, then the stages. */
export function renderDockerfile(app: string, stages: readonly Stage[]): string {
  const head = `${generatedMark}${app}: change its config, not this file.\n${ignored}`;
  return head + stages.map(renderStage).join('');
}

export function renderStage({ name, from, platform, instructions }: Stage): string {
  const flag = platform === undefined ? '' : '--platform=$BUILDPLATFORM ';
  return `\n${[`FROM ${flag}${from} AS ${name}`, ...instructions].join('\n')}\n`;
}
