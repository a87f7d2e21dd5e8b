import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import {
  bakeFile,
  ErrorCode,
  explainMissingSecrets,
  imageName,
  isOwnBakeFile,
  type PlannedTarget,
  type PlanOutline,
  parseBuildWords,
  renderBakeFile,
  StowageError,
  unusedPins,
  writeText,
  writeTogether,
} from '@stowage/core';
import { chosenApps, type Selection } from '../chosen-apps.ts';
import { type Context, type Outcome, open, packEach, unlessInterrupted } from '../command.ts';
import { type TargetOptions, targetsOf } from '../targets.ts';

export interface BakeOptions extends TargetOptions, Selection {
  readonly out?: string;
  readonly file?: string;
}

/** Writes the folders of apps and prints, or writes, the bake file that builds them: all apps where none is named. */
export async function bake(context: Context, names: readonly string[], options: BakeOptions): Promise<Outcome> {
  const { settings, rest } = parseBuildWords(options.extra, process.env);
  if (rest.length > 0) {
    throw new StowageError(ErrorCode.Usage, `A bake file cannot hold ${rest.join(' ')}.`, { hint: 'Give it to `docker buildx bake` itself.' });
  }
  if (options.file !== undefined) await assertReplaceable(resolve(context.cwd, options.file), options.file);
  const workspace = await open(context);
  const apps = await chosenApps(context, workspace, names, options);
  const out = options.out === undefined ? join(workspace.root, 'out') : resolve(context.cwd, options.out);
  const folderOf = (plan: PlanOutline): string => join(out, imageName(plan));
  const contextOf = (plan: PlanOutline): string => relative(workspace.root, folderOf(plan)).replaceAll('\\', '/');
  const targets = await writeTogether(workspace, async (write) => {
    const outlines: PlanOutline[] = [];
    for await (const plan of packEach(workspace, apps)) {
      await unlessInterrupted(context);
      const { app, stages, secrets, identities, diagnostics } = plan;
      outlines.push({ app, stages, secrets, identities, diagnostics });
      context.reporter.diagnostics([...diagnostics, ...explainMissingSecrets(secrets)]);
      await write(plan, folderOf(plan));
    }
    if (names.length === 0 && !options.affected) context.reporter.diagnostics(unusedPins(workspace.files, outlines));
    return targetsOf(workspace, outlines, options, settings, contextOf);
  });
  const text = renderBakeFile(bakeFile(targets));
  if (options.file !== undefined) await writeText(resolve(context.cwd, options.file), text);
  return {
    json: {
      ...(options.file === undefined ? {} : { file: options.file }),
      apps: targets.map(({ plan, name, tags, identity }) => ({ app: plan.app, target: name, folder: folderOf(plan), tags, identity })),
      bake: bakeFile(targets),
    },
    text: options.file === undefined ? text : written(options.file, targets, relative(context.cwd, workspace.root)),
    summary: options.file !== undefined,
  };
}

/** Contexts are relative to the root: there buildx reads them without asking. */
function written(file: string, targets: readonly PlannedTarget[], root: string): string {
  const command = `docker buildx bake --file ${root === '' ? file : relative(root, file)}`;
  return `${file}: ${targets.map(({ name }) => name).join(', ')}\n  ${root === '' ? '' : `cd ${root} && `}${command}\n`;
}

/** A bake file that Stowage did not write stays as it is. */
async function assertReplaceable(path: string, shown: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined || isOwnBakeFile(text)) return;
  throw new StowageError(ErrorCode.UnsafeOutput, `${shown} was not written by Stowage, and is left alone.`, {
    hint: 'Name another file: `docker buildx bake -f stowage.bake.json -f docker-bake.hcl` reads both.',
  });
}
