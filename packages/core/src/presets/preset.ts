import type { AppConfig } from '../config/schema.ts';
import type { Files, Importer } from '../model.ts';

/** What a preset may look at. */
export interface AppFacts {
  readonly importer: Importer;
  readonly root: Importer;
  /** Whether another package of the workspace depends on it. */
  readonly shared: boolean;
  readonly files: Files;
  readonly config: AppConfig;
}

/** A program that runs: its production dependencies, manifests and built files go into the image. */
export interface ServerPlan {
  readonly kind: 'server';
  /** Words of the command, run in the app's folder; undefined where nothing tells it. */
  readonly command: readonly string[] | undefined;
  /** Undefined for a program that serves nothing. */
  readonly port: number | undefined;
  readonly env: Readonly<Record<string, string>>;
}

/** Files that a web server hands out. */
export interface StaticPlan {
  readonly kind: 'static';
  /** The built folder, relative to the app. */
  readonly output: string;
  /** Path it is served under, `/` or `/admin/`: starts and ends with a slash. */
  readonly publicPath: string;
  /** Answer for a path that is no file: the app's own page (its router decides), or `undefined` for 404. */
  readonly fallback: string | undefined;
  /** Folders below the public path whose file names carry a hash of their content. */
  readonly hashed: readonly string[];
}

export type AppPlan = ServerPlan | StaticPlan;

/** How one kind of app is recognised and run. Adding one is a folder and a line in `list.ts`. */
export interface Preset {
  readonly id: string;
  /** Why the app is of this kind, in a few words, or undefined. */
  detect(app: AppFacts): string | undefined;
  plan(app: AppFacts): AppPlan;
}
