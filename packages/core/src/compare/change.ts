/** What runs when an image is built: the two installs, the build, and the stages that put the image together. */
export const steps = ['install', 'production install', 'build', 'image'] as const;
export type Step = (typeof steps)[number];

/**
 * - `dependency`: a package of a registry comes, goes or has another version; `what` is its name
 * - `workspace`: a package of the workspace comes into the closure or leaves it; `what` is its folder
 * - `manifest`, `setting`, `lockfile`: what an install reads besides; `what` is the file, `key` the place in it
 * - `source`: a file of the closure; `root file`: one outside it that the build reads
 * - `config`: what Stowage is told of the app; `what` is the key
 * - `base image`, `stage`: of the Dockerfile; `what` is the image without its tag, or the stage
 * - `dockerfile`: its text, where no stage differs
 */
export type ChangeKind =
  | 'dependency'
  | 'workspace'
  | 'manifest'
  | 'setting'
  | 'lockfile'
  | 'source'
  | 'root file'
  | 'config'
  | 'base image'
  | 'stage'
  | 'dockerfile';

/** One difference between two plans of an app. It is never guessed: planned files, resolutions or stages differ in it. */
export interface Change {
  readonly kind: ChangeKind;
  readonly how: 'added' | 'removed' | 'changed';
  readonly what: string;
  /** Where in the file: `pnpm.overrides.lodash`; `file mode` where only that differs. */
  readonly key?: string;
  /** Versions or values, where they can be said in a line. */
  readonly before?: string;
  readonly after?: string;
  /** What leads there: names of packages, the app first; for a root file, why it is read. Without what changed itself. */
  readonly path: readonly string[];
  /** What runs again for it, in the order of `steps`. */
  readonly steps: readonly Step[];
}

/** A change whose place in the image is known, by the stage that reads it first, but not yet what runs again for it. */
export type PlacedChange = Omit<Change, 'steps'> & { readonly stage: string };
