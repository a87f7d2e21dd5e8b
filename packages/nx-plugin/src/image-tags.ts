import { imageName } from '@stowage/core/recognise';
import { replaceTokens, type TokenFacts } from './tokens.ts';

/** The names of a project's image: as given, tokens replaced; `acme-api` of `@acme/api` where none is. A project's name is made fit for an image's. */
export function imageTags(tag: string | readonly string[] | undefined, appName: string, facts: TokenFacts): string[] {
  const named = { ...facts, projectName: fit(facts.projectName) };
  return tag === undefined ? [fit(appName)] : [tag].flat().map((each) => replaceTokens(each, named));
}

function fit(name: string): string {
  return imageName({ app: { name } });
}
