import { fileRole, isBuildConfig } from '../closure/imports/file-role.ts';
import type { ImportReading } from '../closure/imports/read-imports.ts';
import { isSource, scanImports } from '../closure/imports/scan-imports.ts';
import { bareSpecifier, isBuiltin, isRegistryName, packageNameOf } from '../closure/imports/specifier.ts';
import type { AppConfig } from '../config/schema.ts';
import { importersOf } from '../importers.ts';
import type { Closure, Diagnostic, FileEntry, Files, Importer, RootFile, TextFile, Workspace } from '../model.ts';
import type { PackageManagerAdapter } from '../package-managers/adapter.ts';
import { withinImporter } from '../paths.ts';
import { lineOf } from '../text.ts';
import { packagesToRun } from './angular-build.ts';
import { nxBuildOfApp } from './build.ts';
import { buildTexts, isProgramOrConfig } from './build-texts.ts';
import { loadedTools } from './loaded-tools.ts';
import { computedLoads, stringsOfSource, wordsOf } from './names-in-texts.ts';
import { pluginNames, startedByPlugins } from './plugins.ts';
import { nxProject } from './project.ts';
import { reachedTargets } from './reached-targets.ts';
import type { RootPackages } from './root-packages.ts';
import { startedPrograms } from './started-programs.ts';

/** The names of the root manifest that one app needs. */
export interface RootNeeds {
  readonly build: ReadonlySet<string>;
  readonly runtime: ReadonlySet<string>;
}

/** What builds of Nx use without any file naming it. */
const TOOLCHAIN = ['nx', '@nx/workspace', 'typescript', 'tslib', '@types/node', 'jiti', 'ts-node', '@swc-node/register', '@swc/core', '@swc/helpers'];
/** What compilers put imports of into their output. */
const HELPERS = ['tslib', '@swc/helpers', '@babel/runtime', 'core-js', 'regenerator-runtime'];

interface NeedsInput {
  readonly workspace: Workspace;
  readonly closure: Closure;
  readonly owned: ReadonlyMap<string, readonly FileEntry[]>;
  readonly readings: ReadonlyMap<string, ImportReading>;
  /** The files outside the closure that its builds read. */
  readonly rootFiles: readonly RootFile[];
  /** Undefined where the lockfile does not tell what packages want as peers. */
  readonly packages: () => RootPackages | undefined;
  readonly adapter: PackageManagerAdapter;
  readonly config: AppConfig;
  /** Words of the command that starts the app. */
  readonly started: readonly string[];
}

export interface PlannedNeeds {
  /** Undefined where the root keeps all that its manifest names. */
  readonly needs: RootNeeds | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What an app needs of the root's manifest, where Nx builds it or a project of its closure has no manifest; all of it where that is asked for, or
 * cannot be told. What scripts build has the root as its tool box: nothing tells what of it they use.
 */
export function planRootNeeds(input: NeedsInput): PlannedNeeds {
  const { workspace, closure, adapter, config } = input;
  const built = importersOf(workspace.importers, closure.build);
  const app = built.find(({ id }) => id === closure.app) as Importer;
  const told = built.some(({ derived }) => derived) || nxBuildOfApp(app, workspace.files, config) !== undefined;
  if (!told || config.deps === 'full') return { needs: undefined, diagnostics: [] };
  const packages = input.packages();
  return packages === undefined ? { needs: undefined, diagnostics: [withoutPeers(adapter.id)] } : computeRootNeeds(input, built, packages);
}

/**
 * For the build: every package whose name stands in a file of the closure as a string or as a word of a command (imports, presets of Babel,
 * executors, `types`), the plugins of nx.json that build one of these projects, what their commands start, the toolchain, and `@types`. At run
 * time: what sources import as values, what the start command names, and what of the root's `dependencies` a source has as a string alone,
 * such as a driver's name. For both, the peers of what is needed and of what the packages of the closure depend on, optional ones too, as far as
 * the root has them; and what brings a package that is imported, or that nx.json or a bundler's configuration names, without the root listing it.
 */
function computeRootNeeds(input: NeedsInput, built: readonly Importer[], packages: RootPackages): PlannedNeeds {
  const { closure, workspace, readings, config, adapter } = input;
  const { files } = workspace;
  const root = workspace.importers[0] as Importer;
  const running = importersOf(workspace.importers, closure.runtime);
  const reachedOf = reachedTargets(built, adapter.lifecycleScripts, files);
  const textsOf = (member: Importer) => buildTexts(member, input.owned.get(member.id) ?? [], reachedOf(member), files);
  const namesIn = (member: Importer, names: typeof wordsOf) => textsOf(member).flatMap(({ path, text }) => names(path, text));
  const undeclared = (members: readonly Importer[]) => members.flatMap(({ id }) => readings.get(id)?.undeclared.map(({ name }) => name) ?? []);

  const programs = built.map((member) => startedPrograms(member, reachedOf(member), root, packages.all));
  const untold = config.packages === undefined ? programs.find((each) => each.untold !== undefined)?.untold : undefined;
  if (untold !== undefined) return { needs: undefined, diagnostics: [untoldProgram(untold)] };

  const tools = [...built.flatMap((member) => toolsOf(member, input)), ...pluginNames(built, files).filter(isPackage).map(packageNameOf)];
  const named = [...(config.packages ?? []), ...patchTool(root)];
  const started = [...programs.flatMap((each) => each.packages), ...startedByPlugins(built, files)];
  const build = packages.take({
    names: [...built.flatMap((member) => namesIn(member, wordsOf)), ...namesInRootFiles(input), ...TOOLCHAIN, ...tools, ...started, ...named],
    unlisted: [...undeclared(built), ...tools],
    peersAmong: packages.all,
    installed: built,
  });
  const strings = [...running.flatMap((member) => namesIn(member, stringsOfSource)), ...input.started.flatMap((word) => word.split(/\s+/))];
  const runtime = packages.take({
    names: [
      ...running.flatMap(({ id }) => readings.get(id)?.packages ?? []),
      ...strings.filter((name) => packages.dependencies.has(name)),
      ...HELPERS,
      ...named,
    ],
    unlisted: undeclared(running),
    peersAmong: packages.dependencies,
    installed: running,
  });
  const types = [...packages.all].filter((name) => name.startsWith('@types/') && build.names.has(typedBy(name)));
  const providers = new Map([...runtime.providers, ...build.providers]);
  return {
    needs: { build: new Set([...build.names, ...types]), runtime: runtime.names },
    diagnostics: [
      ...[...providers].map(([name, by]) => installedForAnother(name, by)),
      ...(config.packages === undefined ? running.flatMap((member) => computedNames(member, textsOf(member))) : []),
    ],
  };
}

/** What programs and configurations outside the closure name that its builds read. */
function namesInRootFiles({ rootFiles, workspace: { files } }: NeedsInput): string[] {
  return rootFiles.flatMap(({ path }) => (isProgramOrConfig(path) ? wordsOf(path, files.read(path) ?? '') : []));
}

/** What Nx loads to build a project, and what the configuration of its bundler imports. */
function toolsOf(importer: Importer, { owned, workspace: { files } }: NeedsInput): string[] {
  const configs = (owned.get(importer.id) ?? []).filter(({ path }) => isSource(path) && isBuildConfig(withinImporter(path, importer.id)));
  const imported = configs.flatMap(({ path }) => scanImports(files.read(path) ?? '').map(bareSpecifier));
  const loaded = loadedTools(importer, files).map(({ name }) => name);
  return [...imported, ...loaded, ...packagesToRun(executorOf(importer, files))].filter(isPackage).map(packageNameOf);
}

function isPackage(specifier: string): boolean {
  return isRegistryName(packageNameOf(specifier)) && !isBuiltin(specifier);
}

function executorOf(importer: Importer, files: Files): string {
  return nxProject(importer, files)?.targets.build?.executor ?? '';
}

/** What a lifecycle script of the root's patches both installs with. */
function patchTool({ manifest: { scripts = {} } }: Importer): string[] {
  return Object.values(scripts).some((script) => /\bpatch-package\b/.test(script)) ? ['patch-package'] : [];
}

/** `react` of `@types/react`, `@babel/core` of `@types/babel__core`. */
function typedBy(name: string): string {
  const bare = name.slice('@types/'.length);
  return bare.includes('__') ? `@${bare.replace('__', '/')}` : bare;
}

function withoutPeers(manager: string): Diagnostic {
  return wholeRoot(
    `the lockfile of ${manager} does not tell what packages want as peers.`,
    'A change of any dependency installs again. "deps": "full" in the config says that this is meant.',
  );
}

function untoldProgram({ program, command }: { readonly program: string; readonly command: string }): Diagnostic {
  return wholeRoot(
    `the build starts "${program}" (${command}), and no name tells whose program that is.`,
    'A change of any dependency installs again. Name its package as "packages" in the config of the app; an empty list says that the root has none.',
  );
}

function wholeRoot(reason: string, hint: string): Diagnostic {
  const message = `The image installs everything that the root manifest names: ${reason}`;
  return { level: 'warning', code: 'whole-root-installed', message, file: 'package.json', hint };
}

function installedForAnother(name: string, by: string): Diagnostic {
  return {
    level: 'info',
    code: 'installed-for-another',
    message: `"${name}" is used and not in the root manifest: ${by} is installed, which brings it.`,
    file: 'package.json',
    hint: `List "${name}" there, and the image installs it alone.`,
  };
}

/** One for each source of the running program that loads what nothing here can know. */
function computedNames(member: Importer, texts: readonly TextFile[]): Diagnostic[] {
  return texts.flatMap(({ path, text }): Diagnostic[] => {
    if (!isSource(path) || fileRole(withinImporter(path, member.id)) !== 'source') return [];
    const [first] = computedLoads(text);
    if (first === undefined) return [];
    return [
      {
        level: 'warning',
        code: 'name-made-at-run-time',
        message: `${path} loads a module by a name that it makes at run time: a package of that name may be missing in the image.`,
        file: path,
        line: lineOf(text, first),
        hint: 'Name such packages as "packages" in the config of the app; an empty list says that there are none.',
      },
    ];
  });
}
