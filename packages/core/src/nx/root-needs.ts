import { fileRole, isBuildConfig } from '../closure/imports/file-role.ts';
import type { ImportReading } from '../closure/imports/read-imports.ts';
import { isSource, scanImports } from '../closure/imports/scan-imports.ts';
import { bareSpecifier, isBuiltin, isRegistryName, packageNameOf } from '../closure/imports/specifier.ts';
import type { LockedGraph } from '../closure/locked-edges.ts';
import type { AppConfig } from '../config/schema.ts';
import type { Closure, DependencyMap, Diagnostic, FileEntry, Importer, Workspace } from '../model.ts';
import type { PackageManagerAdapter } from '../package-managers/adapter.ts';
import { namesFoundAnywhere } from '../package-managers/names-found-anywhere.ts';
import { withinImporter } from '../paths.ts';
import { pluginPackages } from './plugins.ts';
import { nxProject } from './project.ts';
import { findProviders } from './providers.ts';

/** The names of the root manifest that one app needs. */
export interface RootNeeds {
  readonly build: ReadonlySet<string>;
  readonly runtime: ReadonlySet<string>;
}

/** What builds of Nx use without any file naming it. */
const TOOLCHAIN = ['nx', '@nx/workspace', 'typescript', 'tslib', '@types/node', 'jiti', 'ts-node', '@swc-node/register', '@swc/core', '@swc/helpers'];
/** What compilers put imports of into their output. */
const HELPERS = ['tslib', '@swc/helpers', '@babel/runtime', 'core-js', 'regenerator-runtime'];

/** What Nx itself loads to run a builder of Angular's. */
const BUILDERS = ['@angular-devkit/architect', '@angular-devkit/core', 'rxjs'];

interface NeedsInput {
  readonly workspace: Workspace;
  readonly closure: Closure;
  readonly owned: ReadonlyMap<string, readonly FileEntry[]>;
  readonly readings: ReadonlyMap<string, ImportReading>;
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
  const derived = workspace.importers.some(({ id, derived }) => derived && closure.build.includes(id));
  if (!derived || config.deps === 'full') return { needs: undefined, diagnostics: [] };
  const { peersOf } = adapter;
  if (peersOf === undefined) return { needs: undefined, diagnostics: [wholeRoot(adapter.id)] };
  return computeRootNeeds(input, (packageId) => peersOf(graph.lockfile, packageId));
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

/**
 * What projects without manifests need of the root's. For the build: every package whose name stands in a file of the closure as a string or as a
 * word of a command (imports, presets of Babel, executors, `types`), the plugins of nx.json that build one of them, the toolchain, and `@types`. At run
 * time: what sources import as values, and what of the root's `dependencies` a source has as a string alone, such as a driver's name.
 * For both, the peers of what is needed, optional ones too, as far as the root has them; and what brings a package that is imported, or
 * that nx.json or a bundler's configuration names, without the root listing it.
 */
function computeRootNeeds(input: NeedsInput, peersOf: (packageId: string) => readonly string[]): PlannedNeeds {
  const { closure, workspace, owned, readings } = input;
  const { importers, files } = workspace;
  const root = importers[0] as Importer;
  const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = root.manifest;
  const all = { ...devDependencies, ...optionalDependencies, ...dependencies };
  const peers = peersAt(root, input.graph, peersOf);
  const members = importers.filter(({ id }) => closure.build.includes(id));
  const namesIn = (importer: Importer, names: DependencyMap, words: typeof wordsOf): string[] =>
    (owned.get(importer.id) ?? []).flatMap(({ path, mode }) =>
      mode === '120000' || fileRole(withinImporter(path, importer.id)) === 'none'
        ? []
        : words(path, files.read(path) ?? '').filter((word) => Object.hasOwn(names, word)),
    );
  const above = ['tsconfig.base.json', 'tsconfig.json', 'babel.config.json', 'babel.config.js', '.babelrc', '.swcrc', 'postcss.config.js'];
  const fromRoot = above.flatMap((path) => wordsOf(path, files.read(path) ?? ''));
  const plugins = pluginPackages(members, files).map(packageNameOf);
  const configured = members.flatMap((member) => configuredPackages(member, input));
  const build = [...members.flatMap((member) => namesIn(member, all, wordsOf)), ...fromRoot, ...TOOLCHAIN, ...plugins, ...configured];
  const runtimeMembers = members.filter(({ id }) => closure.runtime.includes(id));
  const runtime = [
    ...runtimeMembers.flatMap(({ id }) => readings.get(id)?.packages ?? []),
    ...runtimeMembers.flatMap((member) => namesIn(member, dependencies, stringsOfSource)),
    ...HELPERS,
  ];
  const needed = (names: readonly string[], optional: DependencyMap): ReadonlySet<string> =>
    reach(
      [...names, ...(input.config.packages ?? [])].filter((name) => Object.hasOwn(all, name)),
      (name) => peers(name).filter((peer) => Object.hasOwn(optional, peer)),
    );
  const withProviders = (names: readonly string[], optional: DependencyMap, wanted: readonly string[]) => {
    const own = needed(names, optional);
    const unlisted = wanted.filter((name) => !Object.hasOwn(all, name));
    const providers = findProviders({ wanted: unlisted, names: own, all: Object.keys(all), bring: (some) => broughtBy(some, root, input) });
    return { names: needed([...names, ...providers.values()], optional), providers };
  };
  const imported = (some: readonly Importer[]): string[] => some.flatMap(({ id }) => readings.get(id)?.undeclared.map(({ name }) => name) ?? []);
  const ofBuild = withProviders(build, all, [...imported(members), ...plugins, ...configured]);
  const ofRuntime = withProviders(runtime, dependencies, imported(runtimeMembers));
  const types = Object.keys(all).filter((name) => name.startsWith('@types/') && ofBuild.names.has(typedBy(name)));
  const providers = new Map([...ofRuntime.providers, ...ofBuild.providers]);
  return {
    needs: { build: new Set([...ofBuild.names, ...types]), runtime: ofRuntime.names },
    diagnostics: [...providers].map(([name, by]) => installedForAnother(name, by)),
  };
}

/** Names of all packages that an install of some of the root's has, where any package finds them. */
function broughtBy(some: Iterable<string>, root: Importer, { workspace, graph, adapter }: NeedsInput): ReadonlySet<string> {
  const names = new Set(some);
  const { dependencies, devDependencies, optionalDependencies } = root.manifest;
  const listed = { ...devDependencies, ...optionalDependencies, ...dependencies };
  const manifest = { name: root.name, dependencies: Object.fromEntries(Object.entries(listed).filter(([name]) => names.has(name))) };
  const pruned = adapter.prune({
    lockfile: graph.lockfile,
    packageManager: workspace.packageManager,
    scope: { mode: 'prod', importers: [{ ...root, manifest }] },
    workspace: workspace.importers.filter(({ derived }) => derived === undefined),
    files: workspace.files,
  });
  return namesFoundAnywhere(pruned);
}

/** What the configuration of a project's bundler imports, and whose executors build it; for one of Angular's, what Nx runs it by. */
function configuredPackages(importer: Importer, { owned, workspace: { files } }: NeedsInput): string[] {
  const configs = (owned.get(importer.id) ?? []).filter(({ path }) => isSource(path) && isBuildConfig(withinImporter(path, importer.id)));
  const imported = configs.flatMap(({ path }) => scanImports(files.read(path) ?? '').map(bareSpecifier));
  const executor = nxProject(importer, files)?.targets.build?.executor?.split(':')[0] ?? '';
  const runBy = /^(?!@nx\/).*\bangular\b/.test(executor) ? BUILDERS : [];
  return [...imported, executor, ...runBy]
    .filter((specifier) => isRegistryName(packageNameOf(specifier)) && !isBuiltin(specifier))
    .map(packageNameOf);
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

function reach(start: readonly string[], next: (name: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set(start);
  for (const name of reached) for (const other of next(name)) reached.add(other);
  return reached;
}

function peersAt(root: Importer, graph: LockedGraph, peersOf: (packageId: string) => readonly string[]): (name: string) => readonly string[] {
  const targets = new Map(graph.edgesOf(root).map(({ alias, target }) => [alias, target]));
  return (name) => {
    const target = targets.get(name);
    return target !== undefined && 'package' in target ? peersOf(target.package) : [];
  };
}

/** `react` of `@types/react`, `@babel/core` of `@types/babel__core`. */
function typedBy(name: string): string {
  const bare = name.slice('@types/'.length);
  return bare.includes('__') ? `@${bare.replace('__', '/')}` : bare;
}

const STRING = /(['"`])((?:@[a-z0-9~_-][\w.~-]*\/)?[a-z0-9][\w.~-]*)(?:\/[^'"`\n]*)?\1/g;
const WORD = /(?:@[a-z0-9~_-][\w.~-]*\/)?[a-z0-9][\w.~-]*/g;

/** Everything in a text that could be the name of a package: strings, and in JSON every word of one (`@nx/js:tsc`, `webpack-cli build`). */
function wordsOf(path: string, text: string): string[] {
  return [
    ...strings(text),
    ...scanImports(text).map((specifier) => packageNameOf(bareSpecifier(specifier))),
    ...(/(?:\.json|rc)$/.test(path) ? (text.match(WORD) ?? []) : []),
  ];
}

/** The strings of a source that stand where no import does. */
function stringsOfSource(path: string, text: string): string[] {
  if (!/\.[cm]?[jt]sx?$/.test(path)) return [];
  const imported = new Set(scanImports(text).map((specifier) => packageNameOf(bareSpecifier(specifier))));
  return strings(text).filter((name) => !imported.has(name));
}

function strings(text: string): string[] {
  return [...text.matchAll(STRING)].map((match) => match[2] ?? '');
}
