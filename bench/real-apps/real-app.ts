import type { Running } from './running.ts';

/** Texts of a checkout's file that an edit replaces. */
export interface Edit {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** One app of a public repository, and how an expert packs it by hand. */
export interface RealApp {
  /** `<case>/<app>`: what the command line calls it. With `-` it names the config beside this file, and the expert's Dockerfile. */
  readonly id: string;
  readonly repository: string;
  readonly commit: string;
  /** The package, and its folder. */
  readonly app: string;
  readonly folder: string;
  /** Exact package manager, where the repository names none: `turbo prune` asks for it. */
  readonly packageManager?: string;
  /** What the expert's context needs besides `turbo prune <app>`: further packages, and root files that it leaves out. */
  readonly expert: { readonly packages?: readonly string[]; readonly rootFiles?: readonly string[]; readonly relock?: readonly string[] };
  /** Build arguments of both images. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** A change of the app's own source. */
  readonly source: Edit;
  /** A new version of a dependency that only workspaces outside the closure have. */
  readonly foreignDependency: readonly Edit[];
  /** Starts the image with what it needs and asks it; what was seen, in a few words. Throws where it is not as it must be. */
  check(image: Running): Promise<string>;
}
