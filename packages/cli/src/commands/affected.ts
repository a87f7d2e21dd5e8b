import { type Affected, imageName } from '@stowage/core';
import { type BaseOptions, compareWithBase, findAffected, shown } from '../affected.ts';
import { type Context, type Outcome, open, table } from '../command.ts';
import { affectedJson, reasonOf } from '../formats/affected-json.ts';
import { appendToStep, delimited, githubOutputs, renderOutputs } from '../formats/github.ts';
import { gitlabPipeline } from '../formats/gitlab.ts';
import { markdown } from '../formats/markdown.ts';

export const affectedFormats = ['text', 'names', 'json', 'github', 'gitlab', 'bake', 'markdown'] as const;

export interface AffectedOptions extends BaseOptions {
  readonly format?: (typeof affectedFormats)[number];
  readonly gitlabInclude?: string;
  readonly exitCode?: true;
}

/** Which images differ from those of the base, and why. */
export async function affected(context: Context, options: AffectedOptions): Promise<Outcome> {
  const workspace = await open(context);
  const comparison = await compareWithBase(context, workspace, options);
  const found = await findAffected(comparison, context);
  const base = 'unknown' in comparison.base ? undefined : comparison.base.found;
  const json = affectedJson(found, base === undefined ? null : { commit: base.commit, from: base.from });
  return {
    json,
    text: render(found, json, options, base === undefined ? 'nothing: the base is not known' : shown(base)),
    summary: false,
    found: options.exitCode === true && found.apps.length > 0,
  };
}

function render(found: Affected, json: Readonly<Record<string, unknown>>, options: AffectedOptions, base: string): string {
  switch (options.format ?? 'text') {
    case 'text':
      return renderText(found);
    case 'names':
      return found.apps.map(({ name }) => `${name}\n`).join('');
    case 'json':
      return `${JSON.stringify({ schemaVersion: 1, ...json }, null, 2)}\n`;
    case 'github':
      return renderGithub(found, base);
    case 'gitlab':
      return gitlabPipeline(found, options.gitlabInclude ?? '.gitlab/stowage.yml');
    case 'bake':
      return found.apps.length === 0 ? '' : `${found.apps.map((app) => imageName({ app })).join(' ')}\n`;
    case 'markdown':
      return markdown(found, base);
  }
}

function renderText({ apps, unaffected, removed }: Affected): string {
  const gone = removed.map(({ name }) => `${name} is no more\n`).join('');
  const rest = unaffected.length === 0 ? '' : `${unaffected.length} not affected\n`;
  return `${table(apps.map((app) => [app.name, reasonOf(app)]))}${gone}${rest}`;
}

/** In a step of GitHub Actions the outputs are set and the summary is written too. */
function renderGithub(found: Affected, base: string): string {
  const outputs = githubOutputs(found);
  appendToStep('GITHUB_OUTPUT', delimited(outputs));
  appendToStep('GITHUB_STEP_SUMMARY', markdown(found, base));
  return renderOutputs(outputs);
}
