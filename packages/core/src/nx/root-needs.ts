import { fileRole, isBuildConfig } from '../closure/imports/file-role.ts';
import type { ImportReading } from '../closure/imports/read-imports.ts';
import { isSource, scanImports } from '../closure/imports/scan-imports.ts';
import { bareSpecifier, isBuiltin, isRegistryName, packageNameOf } from '../closure/imports/specifier.ts';
import type { LockedGraph } from '../closure/locked-edges.ts';
import type { AppConfig } from '../config/schema.ts';
import { importersOf } from '../importers.ts';
import type { Closure, Diagnostic, FileEntry, Files, Importer, RootFile, Workspace } from '../model.ts';
import type { PackageManagerAdapter } from '../package-managers/adapter.ts';
import { withinImporter } from '../paths.ts';
import { lineOf } from '../text.ts';
import { packagesToRun } from './angular-build.ts';
import { loadedTools } from './loaded-tools.ts';
import { computedLoads, stringsOfSource, wordsOf } from './names-in-texts.ts';
import { nxProject } from './project.ts';
import { type RootPackages, rootPackages } from './root-packages.ts';

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
  readonly graph: LockedGraph;
  readonly adapter: PackageManagerAdapter;
  readonly config: AppConfig;
}

export interface PlannedNeeds {
  /** Undefined where the root keeps all that its manifest names. */
  readonly needs: RootNeeds | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** What the app needs of the root's manifest, where a project of its closure has none of its own; all of it where that is asked for, or cannot be told. */
export function planRootNeeds(input: NeedsInput): PlannedNeeds {
  const { workspace, closure, adapter, config, graph } = input;
  const derived = importersOf(workspace.importers, closure.build).some(({ derived }) => derived);
  if (!derived || config.deps === 'full') return { needs: undefined, diagnostics: [] };
  const packages = rootPackages(workspace, graph, adapter);
  return packages === undefined ? { needs: undefined, diagnostics: [wholeRoot(adapter.id)] } : computeRootNeeds(input, packages);
}

/**
 * What projects without manifests need of the root's. For the build: every package whose name stands in a file of the closure as a string or as a
 * word of a command (imports, presets of Babel, executors, `types`), the plugins of nx.json that build one of them, the toolchain, and `@types`. At run
 * time: what sources import as values, and what of the root's `dependencies` a source has as a string alone, such as a driver's name.
 * For both, the peers of what is needed, optional ones too, as far as the root has them; and what brings a package that is imported, or
 * that nx.json or a bundler's configuration names, without the root listing it.
 */
function computeRootNeeds(input: NeedsInput, packages: RootPackages): PlannedNeeds {
  const { closure, workspace, readings, config } = input;
  const built = importersOf(workspace.importers, closure.build);
  const running = importersOf(workspace.importers, closure.runtime);
  const undeclared = (members: readonly Importer[]) => members.flatMap(({ id }) => readings.get(id)?.undeclared.map(({ name }) => name) ?? []);
  const tools = built.flatMap((member) => toolsOf(member, input));
  const texts = built.flatMap((member) => namesIn(member, input, wordsOf));
  const build = packages.take({
    names: [...texts, ...namesInRootFiles(input), ...TOOLCHAIN, ...tools, ...(config.packages ?? [])],
    unlisted: [...undeclared(built), ...tools],
    peersAmong: packages.all,
  });
  const strings = running.flatMap((member) => namesIn(member, input, stringsOfSource)).filter((name) => packages.dependencies.has(name));
  const runtime = packages.take({
    names: [...running.flatMap(({ id }) => readings.get(id)?.packages ?? []), ...strings, ...HELPERS, ...(config.packages ?? [])],
    unlisted: undeclared(running),
    peersAmong: packages.dependencies,
  });
  const types = [...packages.all].filter((name) => name.startsWith('@types/') && build.names.has(typedBy(name)));
  const providers = new Map([...runtime.providers, ...build.providers]);
  return {
    needs: { build: new Set([...build.names, ...types]), runtime: runtime.names },
    diagnostics: [
      ...[...providers].map(([name, by]) => installedForAnother(name, by)),
      ...(config.packages === undefined ? running.flatMap((member) => computedNames(member, input)) : []),
    ],
  };
}

/** The texts of a project that are part of the program or of its build. */
function textsOf({ id }: Importer, { owned, workspace: { files } }: NeedsInput): { readonly path: string; readonly text: string }[] {
  return (owned.get(id) ?? [])
    .filter(({ path, mode }) => mode !== '120000' && fileRole(withinImporter(path, id)) !== 'none')
    .map(({ path }) => ({ path, text: files.read(path) ?? '' }));
}

function namesIn(member: Importer, input: NeedsInput, names: typeof wordsOf): string[] {
  return textsOf(member, input).flatMap(({ path, text }) => names(path, text));
}

/** What programs and configurations outside the closure name that its builds read. */
function namesInRootFiles({ rootFiles, workspace: { files } }: NeedsInput): string[] {
  return rootFiles.flatMap(({ path }) => (isProgramOrConfig(path) ? wordsOf(path, files.read(path) ?? '') : []));
}

function isProgramOrConfig(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return isSource(path) || isBuildConfig(name) || /^tsconfig[\w.-]*\.json$/.test(name);
}

/** What Nx loads to build a project, and what the configuration of its bundler imports. */
function toolsOf(importer: Importer, { owned, workspace: { files } }: NeedsInput): string[] {
  const configs = (owned.get(importer.id) ?? []).filter(({ path }) => isSource(path) && isBuildConfig(withinImporter(path, importer.id)));
  const imported = configs.flatMap(({ path }) => scanImports(files.read(path) ?? '').map(bareSpecifier));
  const loaded = loadedTools(importer, files).map(({ name }) => name);
  return [...imported, ...loaded, ...packagesToRun(executorOf(importer, files))]
    .filter((specifier) => isRegistryName(packageNameOf(specifier)) && !isBuiltin(specifier))
    .map(packageNameOf);
}

function executorOf(importer: Importer, files: Files): string {
  return nxProject(importer, files)?.targets.build?.executor ?? '';
}

/** `react` of `@types/react`, `@babel/core` of `@types/babel__core`. */
function typedBy(name: string): string {
  const bare = name.slice('@types/'.length);
  return bare.includes('__') ? `@${bare.replace('__', '/')}` : bare;
}

function wholeRoot(manager: string): Diagnostic {
  return {
    level: 'warning',
    code: 'whole-root-installed',
    message: `The image installs everything that the root manifest names: the lockfile of ${manager} does not tell what packages want as peers.`,
    file: 'package.json',
    hint: 'A change of any dependency installs again. "deps": "full" in the config says that this is meant.',
  };
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
function computedNames(member: Importer, input: NeedsInput): Diagnostic[] {
  return textsOf(member, input).flatMap(({ path, text }): Diagnostic[] => {
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
