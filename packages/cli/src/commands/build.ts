import { type BuiltImage, buildFolder, buildImages, explainMissingSecrets, type PackPlan, parseBuildWords } from '@stowage/core';
import { type Context, type Outcome, open, packAll, unlessInterrupted } from '../command.ts';
import { type TargetOptions, targetsOf } from '../targets.ts';

export interface BuildCommandOptions extends TargetOptions {
  readonly push?: true;
  readonly builder?: string;
}

export async function build(context: Context, names: readonly string[], options: BuildCommandOptions): Promise<Outcome> {
  const words = parseBuildWords(options.extra, process.env);
  const workspace = await open(context);
  const plans = await packAll(workspace, names);
  const folderOf = ({ app }: PackPlan): string => buildFolder(workspace.root, app.id);
  const targets = targetsOf(workspace, plans, options, words.settings, folderOf);
  const push = options.push === true || words.rest.includes('--push');
  await unlessInterrupted(context);
  for (const { plan } of targets) context.reporter.diagnostics([...plan.diagnostics, ...explainMissingSecrets(plan.secrets)]);
  const images = await context.reporter.during(`building ${targets.flatMap(({ tags }) => tags).join(', ')}`, (update) =>
    buildImages({
      workspace,
      targets,
      push,
      builder: options.builder,
      extra: words.rest.filter((word) => word !== '--push'),
      signal: context.signal,
      onLine: (line) => {
        if (line.trim() !== '') update(line);
      },
    }),
  );
  return {
    json: { apps: images.map((image) => toJson(image, push, folderOf)) },
    text: images
      .map(({ plan, tags, reused }) => `${context.reporter.colors.bold(plan.app.name)} -> ${tags.join(', ')}${done(push, reused)}\n`)
      .join(''),
    summary: true,
  };
}

function toJson({ plan, tags, identity, digest, ref, reused }: BuiltImage, pushed: boolean, folderOf: (plan: PackPlan) => string) {
  return {
    app: plan.app,
    tags,
    pushed,
    folder: folderOf(plan),
    identities: plan.identities,
    identity,
    ...(digest === undefined ? {} : { digest }),
    ref,
    reused,
  };
}

function done(pushed: boolean, reused: boolean): string {
  const notes = [...(pushed ? ['pushed'] : []), ...(reused ? ['was there'] : [])];
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
}
