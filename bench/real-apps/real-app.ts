import type { Running } from './running.ts';

/** Text of a checkout's file that an edit replaces. */
export interface Edit {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Another version of a dependency: the manifest's range is changed, and the lockfile made anew by the package manager (relock.ts). */
export interface Bump {
  readonly manifest: string;
  readonly dependency: string;
  readonly before: string;
  readonly after: string;
}

/** What a repository's people change, from what an image is made of to what it has nothing to do with. */
export const changes = ["app's source", "shared package's source", 'own dependency', 'dev dependency', "other's dependency", 'script'] as const;
export type Change = (typeof changes)[number];

/** A repository at a commit. */
export interface RealRepository {
  /** `owner/name` at GitHub. */
  readonly repository: string;
  readonly commit: string;
  /** The package manager, as it is run in the repository to bring the lockfile up to date; nothing where it cannot do that without an install. */
  readonly relock?: readonly string[];
  /**
   * What is done first, one command after another, for all sides: where the repository cannot be packed as it is, what Stowage's messages say;
   * where the registry has changed what a package manager writes of the same versions, that.
   */
  readonly mend?: readonly (readonly string[])[];
  /** Exact package manager, where the repository names none: `turbo prune` asks for it. */
  readonly packageManager?: string;
}

/** One app of a public repository, and how an expert packs it by hand. */
export interface RealApp extends RealRepository {
  /** `<case>/<app>`: what the command line calls it. With `-` it names the config beside this file, and the expert's Dockerfile. */
  readonly id: string;
  /** The package, and its folder. */
  readonly app: string;
  readonly folder: string;
  readonly expert: ExpertContext;
  /** The repository's own Dockerfile of the app, where it builds with nothing but stand-ins for its base images. */
  readonly own?: OwnDockerfile;
  /** Build arguments of all images. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly changes: Readonly<Record<Change, Edit | Bump>>;
  /** Starts the image with what it needs and asks it; what was seen, in a few words. Throws where it is not as it must be. */
  check(image: Running): Promise<string>;
}

/** A repository's own Dockerfile. */
interface OwnDockerfile {
  readonly dockerfile: string;
  /** Images of the engine, or those of made-images.ts, that stand in for its base images. */
  readonly bases: Readonly<Record<string, string>>;
  /** Where its image is asked otherwise than the others. */
  readonly check?: (image: Running) => Promise<string>;
}

/** What the expert's context needs besides `turbo prune <app>`. */
export interface ExpertContext {
  /** Further packages. */
  readonly packages?: readonly string[];
  /** Files that turbo leaves out. */
  readonly rootFiles?: readonly string[];
  /** Where the pruned lockfile is refused: the whole one is put back, and this is run. */
  readonly relock?: { readonly lockfile: string; readonly command: readonly string[] };
}
