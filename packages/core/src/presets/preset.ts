import type { AppConfig } from '../config/schema.ts';
import type { Diagnostic, Files, Importer } from '../model.ts';

/** What a preset may look at. */
export interface AppFacts {
  readonly importer: Importer;
  readonly root: Importer;
  /** Whether another package of the workspace depends on it. */
  readonly shared: boolean;
  readonly files: Files;
  readonly config: AppConfig;
}

/** What every kind of app may say of its build. */
interface BuildWishes {
  /** Script of the app that builds it, where it is not `build`. */
  readonly build?: string | undefined;
  /** Environment that the framework's build wants here: no telemetry, the switch that the project's own config looks at. */
  readonly buildEnv?: Readonly<Record<string, string>>;
  /** Folders, relative to the app, in which the build keeps what it can use again. No image has them. */
  readonly caches?: readonly string[];
  readonly diagnostics?: readonly Diagnostic[];
}

/** A program that runs. */
export interface ServerPlan extends BuildWishes {
  readonly kind: 'server';
  /** Words of the command, run in the app's folder; undefined where nothing tells it. */
  readonly command: readonly string[] | undefined;
  /** Undefined for a program that serves nothing. */
  readonly port: number | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Parts of the build that are all the program needs. Where undefined: production dependencies, the manifests and what was built. */
  readonly contents?: readonly BuiltPart[] | undefined;
  /** Packages that these parts still import: they go along, each with what it depends on. */
  readonly packages?: readonly string[];
  /** Globs, from the app's folder, of source files that the running program reads, such as its framework's config. */
  readonly reads?: readonly string[];
  /** Folders, relative to the app, that the running program writes to. */
  readonly writable?: readonly string[];
  /** Whether words after the image's name are arguments of the program, as of a command line tool. */
  readonly takesArguments?: boolean;
  /** What runs it, where it is not Node. */
  readonly engine?: { readonly name: 'bun'; readonly version: string } | undefined;
}

/** A built folder or file that goes into an image, with everything below it. */
export interface BuiltPart {
  /** Relative to the app. */
  readonly from: string;
  /** Relative to the workspace root. */
  readonly to: string;
  /** Whether the build goes on where it is not there. */
  readonly optional?: boolean;
}

/** Files that a web server hands out. */
export interface StaticPlan extends BuildWishes {
  readonly kind: 'static';
  /** The built folder, relative to the app. */
  readonly output: string;
  /** Path it is served under, `/` or `/admin/`: starts and ends with a slash. */
  readonly publicPath: string;
  /** Answer for a path that is no file: the app's own page (its router decides), or `undefined` for `404.html` and its status. */
  readonly fallback: string | undefined;
  /** Folders below the public path whose file names carry a hash of their content. */
  readonly hashed: readonly string[];
}

export type AppPlan = ServerPlan | StaticPlan;

/** How one kind of app is recognised and run. Adding one is a folder and a line in `list.ts`. */
export interface Preset {
  readonly id: string;
  /** Why the app is of this kind, in a few words, or undefined. Looks at manifests and config files alone. */
  detect(app: AppFacts): string | undefined;
  plan(app: AppFacts): AppPlan;
}
