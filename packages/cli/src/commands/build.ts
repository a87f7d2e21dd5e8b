import { resolve } from 'node:path';
import {
  type BuildOptions,
  type BuiltImage,
  buildFolder,
  buildImages,
  ErrorCode,
  explainMissingSecrets,
  type PlanOutline,
  parseBuildWords,
  StowageError,
  writeText,
} from '@stowage/core';
import { chosenApps, type Selection } from '../chosen-apps.ts';
import { type Context, type Outcome, open, packAll, unlessInterrupted } from '../command.ts';
import { type TargetOptions, targetsOf } from '../targets.ts';

export interface BuildCommandOptions extends TargetOptions, Selection {
  readonly push?: true;
  readonly builder?: string;
  /** A file for the names, references, digests and identities of the images. */
  readonly metadata?: string;
}

export async function build(context: Context, names: readonly string[], options: BuildCommandOptions): Promise<Outcome> {
  if (names.length === 0 && !options.affected) {
    throw new StowageError(ErrorCode.Usage, 'No app is named.', {
      hint: '`stowage build <app...>` builds apps, `stowage build --affected` those that changed.',
    });
  }
  const words = parseBuildWords(options.extra, process.env);
  const push = options.push === true || words.rest.includes('--push');
  if (options.reproducible === true && !push && words.settings.output === undefined) {
    throw new StowageError(ErrorCode.Usage, 'A reproducible image cannot be loaded as it is built: the store of an engine sets no times back.', {
      hint: 'Push it (--push), or write an archive, which `docker load` takes: `-- --output type=oci,dest=image.tar`.',
    });
  }
  const workspace = await open(context);
  const plans = await packAll(workspace, await chosenApps(context, workspace, names, options));
  const folderOf = ({ app }: PlanOutline): string => buildFolder(workspace.root, app.id);
  const targets = targetsOf(workspace, plans, options, words.settings, folderOf);
  await unlessInterrupted(context);
  for (const { plan } of targets) context.reporter.diagnostics([...plan.diagnostics, ...explainMissingSecrets(plan.secrets)]);
  const images = targets.length === 0 ? [] : await buildAll(context, { workspace, targets, push, builder: options.builder, extra: words.rest });
  if (options.metadata !== undefined) await writeText(resolve(context.cwd, options.metadata), `${JSON.stringify(images.map(deployable), null, 2)}\n`);
  return {
    json: { apps: images.map((image) => toJson(image, push, folderOf)) },
    text:
      images.length === 0
        ? 'No image is affected.\n'
        : images
            .map(({ plan, tags, reused }) => `${context.reporter.colors.bold(plan.app.name)} -> ${tags.join(', ')}${done(push, reused)}\n`)
            .join('') + (push || words.settings.output !== undefined ? '' : toTry(images)),
    summary: true,
  };
}

function buildAll(context: Context, options: Omit<BuildOptions, 'onLine' | 'signal'>): Promise<BuiltImage[]> {
  return context.reporter.during(`building ${options.targets.flatMap(({ tags }) => tags).join(', ')}`, (update) =>
    buildImages({
      ...options,
      extra: options.extra.filter((word) => word !== '--push'),
      signal: context.signal,
      onLine: (line) => {
        if (line.trim() !== '') update(line);
      },
    }),
  );
}

function toJson({ plan, tags, identity, digest, ref, reused }: BuiltImage, pushed: boolean, folderOf: (plan: PlanOutline) => string) {
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

/** What deployment tools are given of an image. */
function deployable({ plan, ref, digest, identity }: BuiltImage) {
  return { name: plan.app.name, ref, digest: digest ?? null, identity };
}

/** Of one image that Docker has now: how to start it. */
function toTry([image, ...more]: readonly BuiltImage[]): string {
  if (image === undefined || more.length > 0) return '';
  const port = image.plan.stages.flatMap(({ instructions }) => instructions).flatMap((line) => /^EXPOSE (\d+)/.exec(line)?.[1] ?? [])[0];
  return `  docker run --rm ${port === undefined ? '' : `-p ${port}:${port} `}${image.ref}\n`;
}

function done(pushed: boolean, reused: boolean): string {
  const notes = [...(pushed ? ['pushed'] : []), ...(reused ? ['was there'] : [])];
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
}
