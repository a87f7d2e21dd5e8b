import { buildOrder } from '../closure/build-order.ts';
import { configPlace, toldBuild } from '../config/resolve-config.ts';
import type { AppConfig } from '../config/schema.ts';
import { didYouMean, ErrorCode, StowageError } from '../errors.ts';
import { importersById, importersOf } from '../importers.ts';
import type { Closure, Diagnostic, Importer, Workspace } from '../model.ts';
import { type NxBuild, nxBuildOfApp } from '../nx/build.ts';
import type { DockerCommands, PackageManagerAdapter } from '../package-managers/adapter.ts';
import { manifestPath } from '../paths.ts';
import { shellWord } from '../shell-word.ts';
import { buildRows } from './build-rows.ts';
import { isNamedAlone, servesCheckouts } from './build-scripts.ts';
import { type BuildTool, findBuildTool, isBuiltBy, toolCommand } from './build-tool.ts';
import { generatePrisma, withoutPrismaClient } from './prisma.ts';

/** Packages whose sources come together, and what then runs in them. */
export interface BuildRow {
  /** Ids of the importers, sorted. */
  readonly importers: readonly string[];
  readonly prepare: readonly string[];
  readonly build: readonly string[];
}

export interface BuildSteps {
  /** First what builds first; the app is in the last. */
  readonly rows: readonly BuildRow[];
  /** Environment and cached folders, from the root, of what runs the builds. */
  readonly env: Readonly<Record<string, string>>;
  readonly caches: readonly string[];
  /** Ids of the importers in which a step may make files: all of them where a script of the root or a task runner runs. */
  readonly made: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The build of the closure, dependencies first: the lifecycle scripts that the install left out, since they need sources; then `build`
 * of each member that has one, or what its own config names. A member that only a script names is left to that script. Where the app has no such
 * script and Nx builds it, Nx does. Row by row where neither a task runner, which keeps what it built itself, nor a script of the root
 * wants all sources at once.
 * @throws StowageError InvalidConfig where a config names a script that its package has not
 */
export function planBuild(
  workspace: Workspace,
  closure: Closure,
  config: AppConfig,
  lifecycle: PackageManagerAdapter['lifecycleScripts'],
  commands: DockerCommands,
): BuildSteps {
  const members = importersOf(workspace.importers, buildOrder(closure));
  const app = importersById(workspace.importers).get(closure.app) as Importer;
  const tool = findBuildTool(workspace, config);
  const byNx = nxBuildOfApp(app, workspace.files, config);
  const { fromRoot, prepared, diagnostics } = planPrepare({ app, members, workspace, config, lifecycle, commands });
  const named = members.filter(({ id }) => isNamedAlone(id, closure));
  const builders = [...members.filter((importer) => importer.id !== app.id && !named.includes(importer)), app];
  const built = byNx === undefined ? builders.flatMap((importer) => buildOf(importer, { app, workspace, config, tool })) : [];
  const working = new Set([...prepared, ...built].map(({ importer }) => importer.id));
  const atOnce = byNx !== undefined || tool !== undefined || fromRoot.length > 0;
  const rows = atOnce || config.buildRows === false ? [[...closure.build]] : buildRows(closure, working);
  return {
    rows: rows.map((importers) => {
      const isOfRow = ({ importer }: { readonly importer: Importer }): boolean => importers.includes(importer.id);
      return {
        importers,
        prepare: [...fromRoot, ...prepared.filter(isOfRow).flatMap((each) => each.commands)],
        build: byNx === undefined ? buildCommands(built.filter(isOfRow), tool, workspace, commands) : nxCommands(byNx),
      };
    }),
    env: tool?.env ?? {},
    caches: tool?.caches ?? [],
    made: atOnce ? new Set(closure.build) : new Set([...working, ...named.map(({ id }) => id)]),
    diagnostics,
  };
}

interface Built {
  readonly importer: Importer;
  readonly script: string;
}

/** The script that builds a package, if any does. */
function buildOf(
  importer: Importer,
  {
    app,
    workspace,
    config,
    tool,
  }: { readonly app: Importer; readonly workspace: Workspace; readonly config: AppConfig; readonly tool: BuildTool | undefined },
): Built[] {
  const told = toldBuild(workspace, importer, app, config);
  if (told === false) return [];
  if ((told ?? 'build') === 'build' && isBuiltBy(tool, importer, workspace, 'build')) return [{ importer, script: 'build' }];
  return told === undefined ? [] : [{ importer, script: known(importer, told, { workspace, importer, key: 'build' }) }];
}

/** Neighbours with one script are built by one command. */
function buildCommands(built: readonly Built[], tool: BuildTool | undefined, workspace: Workspace, commands: DockerCommands): string[] {
  return inTurn(built).flatMap(({ script, importers }) => {
    if (script !== 'build') return importers.map((importer) => commands.runScript(importer, script));
    return tool === undefined ? commands.build(importers) : [toolCommand(tool, script, importers, workspace, commands)];
  });
}

function inTurn(built: readonly Built[]): { readonly script: string; readonly importers: Importer[] }[] {
  const turns: { readonly script: string; readonly importers: Importer[] }[] = [];
  for (const { importer, script } of built) {
    const last = turns.at(-1);
    if (last?.script === script) last.importers.push(importer);
    else turns.push({ script, importers: [importer] });
  }
  return turns;
}

/** What runs before the builds: scripts of the root, and in each importer. */
function planPrepare({ app, members, workspace, config, lifecycle, commands }: PrepareInput) {
  const root = workspace.importers.find(({ id }) => id === '.') as Importer;
  const diagnostics: Diagnostic[] = [];
  const fromRoot = (config.rootScripts ?? []).map((script) =>
    commands.runScript(root, known(root, script, { workspace, importer: app, key: 'rootScripts' })),
  );
  const own = members
    .filter(({ id }) => id !== '.')
    .map((importer) => ({ importer, commands: lifecycle.flatMap((script) => runs(importer, script, diagnostics, commands)) }));
  const clients = withoutPrismaClient(members, workspace.files).map((importer) => ({ importer, commands: generatePrisma(importer, commands) }));
  return { fromRoot, prepared: [...own, ...clients].filter((each) => each.commands.length > 0), diagnostics };
}

interface PrepareInput {
  readonly app: Importer;
  readonly members: readonly Importer[];
  readonly workspace: Workspace;
  readonly config: AppConfig;
  readonly lifecycle: PackageManagerAdapter['lifecycleScripts'];
  readonly commands: DockerCommands;
}

/** Nx orders the builds of what the app depends on itself. It starts no daemon, asks no cloud, and mends no tsconfig references. */
function nxCommands({ project, configuration, output }: NxBuild): string[] {
  const target = [project, 'build', ...(configuration === undefined ? [] : [configuration])].join(':');
  const missing = `Nx built ${project}, but ${output} is not there: name the folder as "output" in the config, relative to the app.`;
  return [
    `NX_DAEMON=false NX_NO_CLOUD=true NX_TUI=false CI=true node_modules/.bin/nx run ${shellWord(target)} --skipSync`,
    `{ test -d ${shellWord(output)} || { echo ${shellWord(missing)} >&2; false; }; }`,
  ];
}

function runs(importer: Importer, script: string, left: Diagnostic[], commands: DockerCommands): string[] {
  const command = importer.manifest.scripts?.[script];
  if (command === undefined) return [];
  if (!servesCheckouts(command)) return [commands.runScript(importer, script)];
  left.push({
    level: 'info',
    code: 'lifecycle-script-left-out',
    message: `"${script}" of ${importer.name} (${command}) does not run in the image.`,
    file: `${importer.id}/package.json`,
  });
  return [];
}

/** Who is told of a script, and by which key. */
interface Told {
  readonly workspace: Workspace;
  readonly importer: Importer;
  readonly key: string;
}

function known(importer: Importer, script: string, told: Told): string {
  const scripts = Object.keys(importer.manifest.scripts ?? {});
  if (scripts.includes(script)) return script;
  throw new StowageError(ErrorCode.InvalidConfig, `${importer.name} has no script "${script}".`, {
    where: configPlace(told.workspace, told.importer, told.key) ?? { file: manifestPath(importer.id) },
    hint: didYouMean(script, scripts) ?? `Its scripts: ${scripts.join(', ') || 'none'}.`,
  });
}
