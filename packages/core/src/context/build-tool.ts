import { parse } from 'jsonc-parser';
import type { AppConfig } from '../config/schema.ts';
import { ErrorCode, StowageError } from '../errors.ts';
import type { Importer, Workspace } from '../model.ts';
import type { DockerCommands } from '../package-managers/adapter.ts';

/** A task runner that the repository builds with. */
export interface BuildTool {
  readonly id: 'turbo' | 'nx';
  /** Files at the root that it reads. */
  readonly files: readonly string[];
  /** It reports nothing, asks no cloud and leaves no process behind. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders, from the root, that it keeps for the next run. */
  readonly caches: readonly string[];
}

const turbo: BuildTool = { id: 'turbo', files: ['turbo.json', 'turbo.jsonc'], env: { TURBO_TELEMETRY_DISABLED: '1' }, caches: ['.turbo/cache'] };
const nx: BuildTool = {
  id: 'nx',
  files: ['nx.json', '.nxignore'],
  env: { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' },
  caches: ['.nx'],
};

/**
 * What runs the builds besides the package manager: the runner whose settings are at the root, if it is among the root's dependencies
 * and knows a task `build`; or the one that the config names.
 * @throws StowageError InvalidConfig where the named one cannot run
 */
export function findBuildTool({ files, importers }: Workspace, { buildWith }: AppConfig): BuildTool | undefined {
  const root = importers[0] as Importer;
  const installed = (name: string): boolean =>
    [root.manifest.dependencies, root.manifest.devDependencies].some((dependencies) => dependencies?.[name] !== undefined);
  const [turboSettings, nxSettings] = [turbo, nx].map((tool) => tool.files.map((path) => files.read(path)).find((text) => text !== undefined));
  const { tasks, pipeline } = (parse(turboSettings ?? '{}') ?? {}) as { tasks?: object; pipeline?: object };
  const usable = [
    ...(installed('nx') && nxSettings !== undefined ? [nx] : []),
    ...(installed('turbo') && 'build' in (tasks ?? pipeline ?? {}) ? [turbo] : []),
  ];
  if (buildWith === 'package-manager') return undefined;
  if (buildWith === undefined) return usable[0];
  const wanted = usable.find(({ id }) => id === buildWith);
  if (wanted !== undefined) return wanted;
  throw new StowageError(ErrorCode.InvalidConfig, `The builds cannot run with ${buildWith}.`, {
    where: { file: 'package.json', key: 'devDependencies' },
    hint: `${buildWith} must be a dependency of the root, and ${buildWith}.json must lie beside it${buildWith === 'turbo' ? ' and name the task build' : ''}.`,
  });
}

/** The command that runs one script of these packages; the runner puts them in order. */
export function toolCommand(
  tool: BuildTool,
  script: string,
  importers: readonly Importer[],
  { files, importers: [root] }: Workspace,
  commands: DockerCommands,
): string {
  const names = importers.map((importer) => (tool.id === 'nx' ? nxName(importer, files.read(inFolder(importer, 'project.json'))) : importer.name));
  const words =
    tool.id === 'nx'
      ? ['run-many', `--targets=${script}`, `--projects=${names.join(',')}`]
      : ['run', script, ...names.map((name) => `--filter=${name}`)];
  return commands.runBin(root as Importer, [tool.id, ...words]);
}

/** Whether a package has something that the runner builds: Nx infers tasks from more than scripts. */
export function isBuiltBy(tool: BuildTool | undefined, importer: Importer, { files }: Workspace, script: string): boolean {
  if (importer.manifest.scripts?.[script] !== undefined) return true;
  if (tool?.id !== 'nx') return false;
  return importer.manifest.nx !== undefined || files.get(inFolder(importer, 'project.json')) !== undefined;
}

function nxName(importer: Importer, project: string | undefined): string {
  const own = [parse(project ?? '{}'), importer.manifest.nx].map((settings) => (settings as { name?: unknown } | undefined)?.name);
  return own.find((name) => typeof name === 'string') ?? importer.name;
}

function inFolder({ id }: Importer, name: string): string {
  return id === '.' ? name : `${id}/${name}`;
}
