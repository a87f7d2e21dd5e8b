import {
  buildFolder,
  buildImage,
  ErrorCode,
  explainMissingSecrets,
  imageName,
  type PackPlan,
  StowageError,
  type Workspace,
  writePlan,
} from '@stowage/core';
import { type Context, type Outcome, open, packAll, unlessInterrupted } from '../command.ts';

export interface BuildCommandOptions {
  readonly tag?: readonly string[];
  readonly push?: true;
  readonly platform?: readonly string[];
  readonly builder?: string;
  readonly cache?: string;
  /** Further words for buildx. */
  readonly extra: readonly string[];
}

interface Built {
  readonly plan: PackPlan;
  readonly tags: readonly string[];
  readonly folder: string;
}

export async function build(context: Context, names: readonly string[], options: BuildCommandOptions): Promise<Outcome> {
  const tags = options.tag ?? ['{app}'];
  const shared = tags.find((tag) => !tag.includes('{app}'));
  if (names.length > 1 && shared !== undefined) {
    throw new StowageError(ErrorCode.Usage, `Several apps cannot all be tagged ${shared}.`, {
      hint: 'Let {app} stand for the app: --tag registry.example.com/{app}:1.4',
    });
  }
  const workspace = await open(context);
  const plans = await packAll(workspace, names);
  const built: Built[] = [];
  for (const plan of plans) built.push(await buildOne(context, workspace, plan, tags, options));
  return {
    json: {
      apps: built.map(({ plan, tags, folder }) => ({ app: plan.app, tags, pushed: options.push === true, folder, identities: plan.identities })),
    },
    text: built
      .map(({ plan, tags }) => `${context.reporter.colors.bold(plan.app.name)} -> ${tags.join(', ')}${options.push ? ' (pushed)' : ''}\n`)
      .join(''),
    summary: true,
  };
}

async function buildOne(
  context: Context,
  workspace: Workspace,
  plan: PackPlan,
  tagPatterns: readonly string[],
  { push, platform, builder, cache, extra }: BuildCommandOptions,
): Promise<Built> {
  await unlessInterrupted(context);
  context.reporter.diagnostics([...plan.diagnostics, ...explainMissingSecrets(plan.secrets)]);
  const folder = buildFolder(workspace.root, plan.app.id);
  const tags = tagPatterns.map((tag) => tag.replaceAll('{app}', imageName(plan)));
  await writePlan(plan, workspace, folder);
  await unlessInterrupted(context);
  await context.reporter.during(`${plan.app.name}: building ${tags.join(', ')}`, (update) =>
    buildImage({
      folder,
      tags,
      platforms: (platform ?? []).flatMap((list) => list.split(',')),
      push: push === true,
      builder,
      cache,
      secrets: plan.secrets,
      extra,
      signal: context.signal,
      onLine: (line) => {
        if (line.trim() !== '') update(line);
      },
    }),
  );
  return { plan, tags, folder };
}
