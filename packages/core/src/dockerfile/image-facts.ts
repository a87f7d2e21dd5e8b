import type { AppConfig } from '../config/schema.ts';
import type { PackageNeeds } from '../context/package-needs.ts';
import type { BuildSteps } from '../context/plan-build.ts';
import type { Importer, PlannedSecret } from '../model.ts';
import type { DockerCommands } from '../package-managers/adapter.ts';
import type { AppPlan } from '../presets/preset.ts';
import type { RuntimePackage } from './collect.ts';
import type { Fragment } from './fragment.ts';
import type { System } from './images.ts';

/** All that the stages are made from. */
export interface ImageFacts {
  readonly app: Importer;
  readonly plan: AppPlan;
  readonly config: AppConfig;
  readonly commands: DockerCommands;
  /** What the production install leaves behind that no running app reads, relative to the root. */
  readonly leftovers: readonly string[];
  /** Folders of the packages that the app is built from, its own first. */
  readonly folders: readonly string[];
  /** Where Nx puts what it makes of the app, from the root: it may leave any package outside of that. */
  readonly nxOutput: string | undefined;
  /** Whether the installs have of the root's packages only what the app was found to need. */
  readonly narrowed: boolean;
  /** What the build stage runs. */
  readonly steps: BuildSteps;
  /** Files, from the root, that must be executable once the sources are there. */
  readonly executables: readonly string[];
  readonly runtime: readonly RuntimePackage[];
  /** Source files outside the app that it reads as it runs, from the root. */
  readonly outside: readonly string[];
  readonly system: System;
  readonly needs: PackageNeeds;
  /** Public variables that the sources name, sorted. */
  readonly publicEnv: readonly string[];
  /** Stages written by hand. */
  readonly fragment: Fragment;
  /** `name@version` of native packages that `prod-deps` compiles for both installs. */
  readonly compiledOnce: readonly string[];
  /** Mounted in the installs or in the build. */
  readonly secrets: readonly PlannedSecret[];
}
