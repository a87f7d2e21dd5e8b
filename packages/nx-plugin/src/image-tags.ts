import type { ExecutorContext } from '@nx/devkit';
import { didYouMean, ErrorCode, imageName, StowageError } from '@stowage/core';
import { knownTokens, replaceTokens, type TokenFacts } from './tokens.ts';

/**
 * The names of a project's image: as given, tokens replaced; `acme-api` of `@acme/api` where none is. A project's name is made fit for an image's.
 * @throws StowageError Usage where a token is left, which no name of an image can hold
 */
export function imageTags(tag: string | readonly string[] | undefined, appName: string, facts: TokenFacts): string[] {
  const named = { ...facts, projectName: fit(facts.projectName) };
  return tag === undefined ? [fit(appName)] : [tag].flat().map((each) => withoutTokens(replaceTokens(each, named)));
}

/** The `tag` of the target that builds the image of the task's project. */
export function tagOfBuild({ projectName = '', projectsConfigurations }: ExecutorContext): string | readonly string[] | undefined {
  const targets = Object.values(projectsConfigurations.projects[projectName]?.targets ?? {});
  return targets.find(({ executor }) => executor === '@stowage/nx:docker')?.options?.tag;
}

function fit(name: string): string {
  return imageName({ app: { name } });
}

function withoutTokens(tag: string): string {
  const [left, name = ''] = /\{([^{}|]*)[^{}]*\}/.exec(tag) ?? [];
  if (left === undefined) return tag;
  throw new StowageError(ErrorCode.Usage, `The tag "${tag}" names no image: ${left} stands for nothing.`, { hint: hintFor(name) });
}

function hintFor(token: string): string {
  const variable = /^env\.(.+)/.exec(token)?.[1];
  if (variable !== undefined) return `The environment has no ${variable}.`;
  if (knownTokens.includes(token)) return 'Git tells no commit here.'; // all others always have a value
  return didYouMean(token, knownTokens) ?? `The tokens are ${knownTokens.join(', ')} and env.NAME.`;
}
