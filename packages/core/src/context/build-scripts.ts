import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import type { RunScript } from '../closure/script-edges.ts';
import { toldBuild } from '../config/resolve-config.ts';
import type { AppConfig } from '../config/schema.ts';
import type { Closure, Files, Importer, Workspace } from '../model.ts';
import { projectNames } from '../nx/project-edges.ts';
import { perObject } from '../per-object.ts';
import { recordOf } from '../text.ts';
import type { BuildTool } from './build-tool.ts';

/** Lifecycle commands that only serve a developer's checkout. */
const ofCheckouts = /^\s*(npx\s+)?(only-allow|husky|lefthook|simple-git-hooks|is-ci|lint-staged|git\s)/;

export function servesCheckouts(command: string): boolean {
  return ofCheckouts.test(command);
}

/** Whether nothing but a script needs a package: that script says what is to run there. */
export function isNamedAlone(id: string, { app, why }: Closure): boolean {
  return id !== app && why.every(({ to, kind }) => to !== id || kind === 'script');
}

/** What of an app says how its closure is built. */
export interface BuildOfApp {
  readonly app: Importer;
  readonly config: AppConfig;
  readonly tool: BuildTool | undefined;
  /** Of the package manager. */
  readonly lifecycle: readonly string[];
}

/**
 * The scripts that run in a package as the image of an app is made: those of its lifecycle and of its build, what its task runner runs before that,
 * also in other packages, and for the app those of the root that its config names; each with the scripts around it.
 * @throws StowageError InvalidConfig
 */
export function scriptsOfBuild(workspace: Workspace, importer: Importer, { app, config, tool, lifecycle }: BuildOfApp): RunScript[] {
  const { importers, files } = workspace;
  const root = importers[0] as Importer;
  const built = toldBuild(workspace, importer, app, config) ?? 'build';
  const tasks = tool === undefined || built !== 'build' ? [] : tasksOf(tool, importer, files);
  const prepared = importer.id === '.' ? [] : lifecycle.filter((script) => !servesCheckouts(importer.manifest.scripts?.[script] ?? ''));
  const own = [...prepared, ...(built === false ? [] : [built]), ...tasks.filter((task) => !task.includes('#'))];
  const names = projectNames(importers, files);
  return [
    ...own.flatMap(withHooks).map((script) => ({ importer, script })),
    ...(importer.id === app.id ? (config.rootScripts ?? []) : []).flatMap(withHooks).map((script) => ({ importer: root, script })),
    ...tasks.flatMap((task): RunScript[] => {
      const [name = '', script = ''] = task.split('#');
      const other = importers.find(({ id }) => task.includes('#') && id === names.get(name));
      return other === undefined ? [] : [{ importer: other, script, by: tool?.files[0] ?? '' }];
    }),
  ];
}

function withHooks(script: string): string[] {
  return [`pre${script}`, script, `post${script}`];
}

/**
 * The tasks that a runner has before, or beside, the build of a package, as its settings name them under `dependsOn`: `codegen` of the package
 * itself or of those that it needs, and for Turborepo `docs#generate` of another.
 */
function tasksOf({ files: names }: BuildTool, importer: Importer, files: Files): string[] {
  const tasks = [...new Set(['.', importer.id])].map((folder) => settingsIn(files)(names.map((name) => posix.join(folder, name))));
  const reached = new Set(['build']);
  for (const task of reached) {
    const needed = tasks.flatMap((each) => [task, `${importer.name}#${task}`].flatMap((key) => recordOf(each[key]).dependsOn ?? []));
    for (const other of needed) if (typeof other === 'string') reached.add(other.replace(/^\^/, ''));
  }
  return [...reached];
}

/** The tasks in the first of these files that is there; those of the root every package asks for. */
const settingsIn = perObject((files: Files) => {
  const known = new Map<string, Readonly<Record<string, unknown>>>();
  return (paths: readonly string[]) => {
    const path = paths.find((each) => files.get(each) !== undefined) ?? '';
    const { tasks, pipeline, targetDefaults } = recordOf(known.has(path) ? undefined : parse(files.read(path) ?? '{}'));
    const found = known.get(path) ?? recordOf(tasks ?? pipeline ?? targetDefaults);
    known.set(path, found);
    return found;
  };
});
