import type { AppConfig } from '../config/schema.ts';
import type { Importer, PlannedSecret } from '../model.ts';
import type { DockerCommands } from '../package-managers/adapter.ts';
import type { AppPlan } from '../presets/preset.ts';
import type { RuntimePackage } from './collect.ts';

/** All that the stages are made from. */
export interface ImageFacts {
  readonly app: Importer;
  readonly plan: AppPlan;
  readonly config: AppConfig;
  readonly node: number;
  readonly commands: DockerCommands;
  /** What the production install leaves behind that no running app reads, relative to the root. */
  readonly leftovers: readonly string[];
  /** Commands of the build stage, in order: lifecycle scripts of workspace packages, then the builds. */
  readonly prepare: readonly string[];
  readonly build: readonly string[];
  /** Files, from the root, that must be executable once the sources are there. */
  readonly executables: readonly string[];
  readonly runtime: readonly RuntimePackage[];
  /** Debian packages of the install and build stages. */
  readonly systemPackages: readonly string[];
  /** `name@version` of native packages that `prod-deps` compiles for both installs. */
  readonly compiledOnce: readonly string[];
  /** Mounted in both installs. */
  readonly secrets: readonly PlannedSecret[];
}
