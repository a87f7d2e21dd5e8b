import type { Diagnostic, Files, Importer, LockedEdge, PackageManager, PackageManagerId, PlannedFile, Resolution, TextFile } from '../model.ts';

/** What one install covers: the root and the kept importers with masked manifests, sorted by id, the root first. */
export interface InstallScope {
  readonly importers: readonly Importer[];
  /** `prod` installs no devDependencies: its manifests hold none. */
  readonly mode: 'deps' | 'prod';
}

export interface PruneInput<Lockfile> {
  readonly lockfile: Lockfile;
  readonly packageManager: PackageManager;
  readonly scope: InstallScope;
  /** Every importer of the workspace, unmasked. */
  readonly workspace: readonly Importer[];
  readonly files: Files;
}

/** The install's files besides the manifests, and the manifests narrowed where a setting lives in the root manifest. */
export interface PrunedInstall {
  /** As in the scope, or narrowed. */
  readonly importers: readonly Importer[];
  /** Lockfile, settings, rc files, patches, local tarballs and folders, sorted by path; paths relative to the install's root. */
  readonly files: readonly PlannedFile[];
  /** Sorted by name, then version. */
  readonly resolutions: readonly Omit<Resolution, 'runtime'>[];
  /** `name@version` of what lies in folders of other packages alone, where the lockfile fixes places: whoever does not depend on it does not find it. */
  readonly nested?: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * One package manager. `Lockfile` is the adapter's own parsed form.
 * All functions are pure: what they know of the disk is what `Files` gives.
 */
export interface PackageManagerAdapter<Lockfile = unknown> {
  readonly id: PackageManagerId;
  /** File names at the root, best first. */
  readonly lockfileNames: readonly string[];
  /** Whether a lockfile of one of these names is this manager's (yarn's two managers share a name). */
  owns(lockfile: TextFile): boolean;
  /** @throws StowageError LockfileConflict (merge markers), LockfileSyntax, LockfileVersion (unknown version), with the line. */
  parse(lockfile: TextFile): Lockfile;
  /** Newest release known to write this lockfile's version: what to use where no manifest says. */
  defaultVersion(lockfile: Lockfile): string;
  /** @throws StowageError LockfileVersion where this version of the manager refuses such a lockfile frozen; the hint says what to run. */
  assertAccepts(version: string, lockfile: Lockfile): void;
  /**
   * The dependencies of an (unmasked) importer as locked, sorted by kind in the order of `DependencyKind`, then alias.
   * A name in several maps gives an edge for each; all have the target that the lockfile resolves the name to.
   * Peers that nobody provides, and optional dependencies that are not locked, give no edge.
   * `files` are for managers whose lockfile leaves to the settings which range a name has (yarn's catalogs).
   * @throws StowageError LockfileOutdated where the manifest names a dependency that the lockfile lacks: the key, and what to run.
   */
  edges(lockfile: Lockfile, importer: Importer, workspace: readonly Importer[], files: Files): readonly LockedEdge[];
  /** The packages, each `name@version` once, that the whole lockfile holds besides workspace packages: what a pruned one is a part of. */
  packages(lockfile: Lockfile): ReadonlySet<string>;
  /** Manifest fields that this manager's install reads besides the dependency maps, `name` and `version`: of any importer, and of the root besides. */
  readonly manifestFields: { readonly importer: readonly string[]; readonly root: readonly string[] };
  /**
   * Names of the peers, optional ones too (`peerDependenciesMeta` alone may name one), that a locked package (as an edge's target has it)
   * wants from whoever installs it. Absent where the lockfile tells no peers.
   */
  peersOf?(lockfile: Lockfile, packageId: string): readonly string[];
  /** Whether a production install takes a devDependency that provides a peer of the same importer for a dependency. */
  readonly takesPeerProviders: boolean;
  /** Lifecycle scripts that its install runs for workspaces other than the root, in the order it runs them. */
  readonly lifecycleScripts: readonly string[];
  /** The semver range that a dependent's specifier demands of a workspace's version, or undefined where any version, or none, will do. */
  versionRange(specifier: string): string | undefined;
  /**
   * The same install for fewer importers. Follows the lockfile's own edges; every kept entry stays byte for byte.
   * @throws StowageError LockfileInconsistent naming the entry that is missing; MissingFile for a patch or tarball that is not there.
   */
  prune(input: PruneInput<Lockfile>): PrunedInstall;
  /** How a pruned folder is installed and used inside an image. */
  docker(packageManager: PackageManager, install: PrunedInstall): DockerCommands;
  /**
   * Words of the command that installs a pruned folder frozen, scripts off, run in a copy of the folder. They start with
   * `npx --yes --package=`: npx fetches exactly this version.
   */
  verifyCommand(packageManager: PackageManager, mode: InstallScope['mode']): readonly string[];
  /** Lowest major of Node that this version runs on, where it is higher than Stowage's own. */
  minimumNode?(version: string): number;
}

/** Shell text for the Dockerfile, free of Dockerfile syntax; every command runs in the workspace root. */
export interface DockerCommands {
  /** Makes exactly this version the one on PATH (`npm install --global pnpm@10.1.0`); empty where the base image or the repository brings it. */
  readonly setup: readonly string[];
  /** Environment of all stages that have the package manager. */
  readonly env: Readonly<Record<string, string>>;
  /** The frozen install, and the stores it fills: mounted as caches. */
  install(mode: InstallScope['mode']): { readonly command: string; readonly caches: readonly CacheMount[] };
  /** Runs one script of one importer. Needs no network. */
  runScript(importer: Importer, script: string): string;
  /** Runs a program that the importer or the root depends on, in the importer's folder. Needs no network. */
  runBin(importer: Importer, words: readonly string[]): string;
  /** Runs the `build` scripts of these importers, dependencies first; they are given in topological order and all have one. */
  build(importers: readonly Importer[]): readonly string[];
  /** Environment of the running app (`NODE_OPTIONS` under plug'n'play). */
  readonly runtimeEnv: Readonly<Record<string, string>>;
  /** What the install itself makes that no running app reads, besides the files it was given: paths relative to the root. */
  readonly leftovers: readonly string[];
  /** Environment variables that the copied rc files expect (`NPM_TOKEN`): they become secret mounts of the install. */
  readonly secrets: readonly string[];
}

export interface CacheMount {
  readonly id: string;
  readonly target: string;
  /** True for a store that two installs must not fill at once: their stages then wait for each other. */
  readonly exclusive?: true;
}
