/** The words at the seams. Types only; imports nothing. All paths are POSIX and relative to the workspace root. */

export type PackageManagerId = 'npm' | 'pnpm' | 'yarn-classic' | 'yarn-berry' | 'bun';

export interface PackageManager {
  readonly id: PackageManagerId;
  /** Exact version, without a hash. */
  readonly version: string;
  /** What told the version: the manifest's field, or the lockfile's own format. */
  readonly source: 'packageManager' | 'devEngines' | 'lockfile';
}

/** Git's file modes; `120000` is a symbolic link. */
export type FileMode = '100644' | '100755' | '120000';

export interface FileEntry {
  readonly path: string;
  readonly mode: FileMode;
  /** False for a file that git does not track (yet); not there where there is no git to ask. */
  readonly tracked?: boolean;
}

/** Files of a folder or of a commit: a sorted list, contents on demand. Ignored files and `node_modules` are not in it. */
export interface Files {
  /** Sorted by path in code unit order. */
  readonly list: readonly FileEntry[];
  get(path: string): FileEntry | undefined;
  /** UTF-8 text of a listed file, else undefined. */
  read(path: string): string | undefined;
  /** Bytes of a listed file, else undefined. For a link: its target. */
  readBytes(path: string): Uint8Array | undefined;
  /** Absolute path of a listed file, where it can be copied from; not for files of a commit. */
  locate?(path: string): string;
  /** Git's blob id (SHA-1 of header and content) of a listed file. */
  blobId(path: string): string;
}

export type DependencyKind = 'dependencies' | 'devDependencies' | 'optionalDependencies' | 'peerDependencies';
export type DependencyMap = Readonly<Record<string, string>>;

/** A package.json as parsed; only what Stowage reads is typed. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly main?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: DependencyMap;
  readonly devDependencies?: DependencyMap;
  readonly optionalDependencies?: DependencyMap;
  readonly peerDependencies?: DependencyMap;
  readonly [field: string]: unknown;
}

/** One package of the workspace. The root is the importer `.`. */
export interface Importer {
  /** POSIX path relative to the root; `.` for the root. */
  readonly id: string;
  /** The manifest's name; the folder's id where the manifest has none. */
  readonly name: string;
  readonly manifest: Manifest;
  /** A project of Nx without a manifest: the root's installs what it imports, and `manifest` is no more than its name. */
  readonly derived?: true;
}

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** A lockfile, and what its manager's adapter read in it: a value that only that adapter understands. */
export interface ParsedLockfile extends TextFile {
  readonly parsed: unknown;
}

export interface Workspace {
  /** Absolute path; never enters a plan. */
  readonly root: string;
  /** The folder the reader started in, below the root; `.` at the root. */
  readonly from: string;
  readonly packageManager: PackageManager;
  /** Sorted by id; the root (`.`) is always one of them and comes first. */
  readonly importers: readonly Importer[];
  readonly lockfile: ParsedLockfile;
  readonly files: Files;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Diagnostic {
  readonly level: 'info' | 'warning';
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly hint?: string;
}

/** A dependency of an importer as the lockfile resolves it. */
export interface LockedEdge {
  readonly kind: DependencyKind;
  /** The name it is imported by. */
  readonly alias: string;
  readonly specifier: string;
  readonly target:
    | { readonly importer: string }
    /** A package of a registry, of git or of a tarball: an id that the package manager's folder understands. */
    | { readonly package: string }
    /** A folder that is no importer (`link:`, `file:`, `portal:` to a plain folder). */
    | { readonly folder: string };
}

/** Why an importer is in the closure. */
export interface ClosureEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: DependencyKind | 'import' | 'config' | 'script' | 'program';
  /** A specifier (`workspace:^`), the file that imports or names it, or the script that does. */
  readonly by: string;
  readonly line?: number;
}

export interface Closure {
  /** Importer id of the app. */
  readonly app: string;
  /** Importer ids whose sources the build needs, sorted; with the app, without the root unless it is the app. */
  readonly build: readonly string[];
  /** Importer ids that the running app needs, sorted; a subset of `build`. */
  readonly runtime: readonly string[];
  /** The first edge that reached each importer, and every further one, sorted. */
  readonly why: readonly ClosureEdge[];
}

/** A file of the plan: text made by Stowage, or a copy of a file of the repository. */
export type PlannedFile =
  | { readonly path: string; readonly mode: FileMode; readonly text: string }
  | { readonly path: string; readonly mode: FileMode; readonly copyFrom: string };

/** A file of the repository that belongs to no package of the closure and that its build reads. */
export interface RootFile {
  readonly path: string;
  /** The first reason found, as an end of a sentence about the file: "apps/web/tsconfig.json extends it". */
  readonly because: string;
}

/** Which version the closure's install holds, and who needs it. */
export interface Resolution {
  readonly name: string;
  readonly version: string;
  /** Importer ids and `name@version` of packages that depend on it, sorted. */
  readonly neededBy: readonly string[];
  /** Present in the production install too. */
  readonly runtime: boolean;
}

export interface Stage {
  readonly name: string;
  readonly from: string;
  /** Made on the builder's own platform, whatever the image's. */
  readonly platform?: 'build';
  /** Rendered Dockerfile instructions, in order, without FROM. */
  readonly instructions: readonly string[];
}

/** A secret that an install or a build may need: mounted while it runs, never part of a layer. */
export interface PlannedSecret {
  readonly id: string;
  /** A variable of that name, or the user's own rc file. */
  readonly from: 'environment' | 'user-rc';
  readonly usedBy: 'install' | 'build';
}

export interface Identities {
  readonly deps: string;
  readonly prod: string;
  readonly src: string;
  readonly image: string;
}

/** What is left to tell of a plan once its folder is written. */
export type PlanOutline = Pick<PackPlan, 'app' | 'stages' | 'secrets' | 'identities' | 'diagnostics'>;

export interface PackPlan {
  readonly schemaVersion: 1;
  readonly app: { readonly id: string; readonly name: string; readonly preset: string };
  readonly packageManager: PackageManager;
  readonly closure: Closure;
  /** Files outside the closure that its build reads, and why; sorted by path. */
  readonly rootFiles: readonly RootFile[];
  /** Everything the output folder holds but `plan.json`, sorted by path: `deps/`, `prod/`, `src/`, `Dockerfile`, `.gitignore`. */
  readonly files: readonly PlannedFile[];
  readonly resolutions: readonly Resolution[];
  readonly stages: readonly Stage[];
  readonly secrets: readonly PlannedSecret[];
  readonly identities: Identities;
  readonly diagnostics: readonly Diagnostic[];
}
