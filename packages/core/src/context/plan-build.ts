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
import { isNamedAlone, servesCheckouts } from './build-scripts.ts';
import { findBuildTool, isBuiltBy, toolCommand } from './build-tool.ts';
import { generatePrisma, withoutPrismaClient } from './prisma.ts';

export interface BuildSteps {
  readonly prepare: readonly string[];
  readonly build: readonly string[];
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
 * script and Nx builds it, Nx does.
 * @throws StowageError InvalidConfig where a config names a script that its package has not
 */
export function planBuild(
  workspace: Workspace,
  closure: Closure,
  config: AppConfig,
  lifecycle: PackageManagerAdapter['lifecycleScripts'],
  commands: DockerCommands,
): BuildSteps {
  const byId = importersById(workspace.importers);
  const members = importersOf(workspace.importers, buildOrder(closure));
  const app = byId.get(closure.app) as Importer;
  const tool = findBuildTool(workspace, config);
  const { prepare, prepared, diagnostics } = planPrepare({ app, members, workspace, config, lifecycle, commands });
  const planned = { prepare, env: tool?.env ?? {}, caches: tool?.caches ?? [], diagnostics };
  const idsOf = (some: readonly Importer[]): ReadonlySet<string> => new Set(some.map(({ id }) => id));
  const byNx = nxBuildOfApp(app, workspace.files, config);
  if (byNx !== undefined) return { ...planned, build: nxCommands(byNx), made: idsOf(members) };
  const named = members.filter(({ id }) => isNamedAlone(id, closure));
  const built = [...members.filter(({ id }) => id !== app.id), app].flatMap((importer): Built[] => {
    const told = toldBuild(workspace, importer, app, config);
    if (told === false || named.includes(importer)) return [];
    if ((told ?? 'build') === 'build' && isBuiltBy(tool, importer, workspace, 'build')) return [{ importer, script: 'build' }];
    return told === undefined ? [] : [{ importer, script: known(importer, told, { workspace, importer, key: 'build' }) }];
  });
  return {
    ...planned,
    build: inTurn(built).flatMap(({ script, importers }) => {
      if (script !== 'build') return importers.map((importer) => commands.runScript(importer, script));
      return tool === undefined ? commands.build(importers) : [toolCommand(tool, script, importers, workspace, commands)];
    }),
    made: idsOf(tool === undefined ? [...prepared, ...named, ...built.map(({ importer }) => importer)] : members),
  };
}

/** What runs before the builds, and the importers that it may make files in. */
function planPrepare({ app, members, workspace, config, lifecycle, commands }: PrepareInput) {
  const root = workspace.importers.find(({ id }) => id === '.') as Importer;
  const diagnostics: Diagnostic[] = [];
  const rootScripts = config.rootScripts ?? [];
  const fromRoot = rootScripts.map((script) => commands.runScript(root, known(root, script, { workspace, importer: app, key: 'rootScripts' })));
  const own = members
    .filter(({ id }) => id !== '.')
    .flatMap((importer) => lifecycle.flatMap((script) => runs(importer, script, diagnostics, commands).map((command) => ({ importer, command }))));
  const clients = withoutPrismaClient(members, workspace.files);
  return {
    prepare: [...fromRoot, ...own.map(({ command }) => command), ...clients.flatMap((importer) => generatePrisma(importer, commands))],
    prepared: rootScripts.length > 0 ? members : [...own.map(({ importer }) => importer), ...clients],
    diagnostics,
  };
}

interface PrepareInput {
  readonly app: Importer;
  readonly members: readonly Importer[];
  readonly workspace: Workspace;
  readonly config: AppConfig;
  readonly lifecycle: PackageManagerAdapter['lifecycleScripts'];
  readonly commands: DockerCommands;
}

interface Built {
  readonly importer: Importer;
  readonly script: string;
}

/** Neighbours with one script are built by one command. */
function inTurn(built: readonly Built[]): { readonly script: string; readonly importers: Importer[] }[] {
  const turns: { readonly script: string; readonly importers: Importer[] }[] = [];
  for (const { importer, script } of built) {
    const last = turns.at(-1);
    if (last?.script === script) last.importers.push(importer);
    else turns.push({ script, importers: [importer] });
  }
  return turns;
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
