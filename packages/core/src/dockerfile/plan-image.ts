import { imagesOf, readPins, unpinned } from '../config/pins.ts';
import { toldBuild } from '../config/resolve-config.ts';
import type { AppConfig } from '../config/schema.ts';
import { binTargets } from '../context/bin-stubs.ts';
import { isEnvFile } from '../context/env-files.ts';
import { outerGlobs } from '../context/outer-globs.ts';
import { findPackageNeeds } from '../context/package-needs.ts';
import type { BuildSteps } from '../context/plan-build.ts';
import { includedFiles } from '../context/root-files/included.ts';
import { didYouMean, ErrorCode, StowageError } from '../errors.ts';
import { importersOf } from '../importers.ts';
import type { Closure, Diagnostic, FileEntry, Importer, PlannedSecret, Resolution, Stage, Workspace } from '../model.ts';
import { type NxBuild, nxBuild, nxBuildOfApp } from '../nx/build.ts';
import { byCodeUnit } from '../order.ts';
import type { DockerCommands, PrunedInstall } from '../package-managers/adapter.ts';
import { isInside, manifestPath } from '../paths.ts';
import type { PlannedApp } from '../presets/plan-app.ts';
import type { AppPlan, ServerPlan } from '../presets/preset.ts';
import type { RuntimePackage } from './collect.ts';
import { readFragment } from './fragment.ts';
import { replacedImage, systemOf } from './images.ts';
import { generatedStages, planStages } from './plan-stages.ts';
import { entriesOf, idleGlobs, planRuntimePackage } from './runtime-files.ts';

export interface ImagePlan {
  readonly stages: readonly Stage[];
  readonly secrets: readonly PlannedSecret[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The image of an app: its preset, and the stages that build and run it. */
export function planImage(input: {
  readonly workspace: Workspace;
  readonly app: Importer;
  readonly kind: PlannedApp;
  readonly config: AppConfig;
  readonly closure: Closure;
  readonly owned: ReadonlyMap<string, readonly FileEntry[]>;
  readonly install: PrunedInstall;
  /** Whether it has of the root's packages only what the app was found to need. */
  readonly narrowed: boolean;
  readonly resolutions: readonly Resolution[];
  readonly commands: DockerCommands;
  readonly steps: BuildSteps;
  /** Public variables that the sources of the build name, sorted. */
  readonly publicEnv: readonly string[];
}): ImagePlan {
  const { workspace, app, config, closure, steps } = input;
  const { reason, plan, node } = input.kind;
  const members = importersOf(workspace.importers, closure.build);
  const secrets = plannedSecrets(input.install, input.commands, config.buildSecrets ?? []);
  const hasNode = plan.kind === 'server' && plan.engine === undefined && (config.runtime ?? 'slim') === 'slim';
  const needs = findPackageNeeds(input.resolutions, config, hasNode ? importersOf(workspace.importers, closure.runtime) : []);
  const pins = readPins(workspace.files);
  if (plan.kind === 'server' && plan.contents !== undefined && app.derived === undefined) assertInstalled(input);
  const fragment = readFragment(workspace.files, app, generatedStages);
  const named = planStages({
    app,
    plan,
    config,
    system: systemOf(config, plan, node, input.resolutions),
    needs,
    fragment,
    publicEnv: input.publicEnv,
    commands: input.commands,
    leftovers: leftoversOf(input.install, input.commands),
    nxOutput: nxBuildOfApp(app, workspace.files, config)?.output,
    narrowed: input.narrowed,
    folders: [app.id, ...closure.build.filter((id) => id !== app.id)],
    steps,
    executables: members.flatMap((importer) => binTargets(importer, workspace.files)).filter((path) => workspace.files.get(path)?.mode === '100644'),
    runtime: runtimePackages(input, plan),
    outside: includedFiles(outerGlobs(app, config), workspace.files.list).paths.filter((path) => !isEnvFile(path)),
    secrets,
    compiledOnce: plan.kind === 'server' && plan.contents === undefined ? needs.compiledTwice : [],
  });
  const images = new Set(imagesOf(named));
  // a stage written by hand says itself what it starts from
  const replaced = ({ name, from }: Stage): boolean => generatedStages.includes(name) && images.has(from);
  const planned = named.map((stage) => (replaced(stage) ? { ...stage, from: replacedImage(stage.from, config) } : stage));
  return {
    stages: planned.map((stage) => (pins[stage.from] === undefined ? stage : { ...stage, from: `${stage.from}@${pins[stage.from]}` })),
    secrets,
    diagnostics: [
      ...fragment.diagnostics,
      ...unpinned(planned, pins),
      ...needs.diagnostics,
      ...(plan.diagnostics ?? []),
      ...(plan.kind === 'server' ? idleGlobs(app, toldGlobs(plan, config), input.owned.get(app.id) ?? []) : []),
      ...(plan.kind === 'server' && reason === undefined ? [unknownStart(app, plan)] : []),
    ],
  };
}

/** Those of a person: a preset's own may choose nothing. */
function toldGlobs({ reads = [] }: ServerPlan, { runtimeInclude = [] }: AppConfig): readonly string[] {
  return runtimeInclude.filter((glob) => !reads.includes(glob));
}

/** @throws StowageError InvalidConfig for a package told that no install of the build has */
function assertInstalled({ config, resolutions, workspace }: Parameters<typeof planImage>[0]): void {
  const known = [...resolutions, ...workspace.importers].map(({ name }) => name);
  const missing = config.packages?.find((name) => !known.includes(name));
  if (missing === undefined) return;
  throw new StowageError(ErrorCode.InvalidConfig, `The app's lockfile has no package "${missing}".`, {
    where: { key: 'packages' },
    hint: didYouMean(missing, known) ?? 'Add it to the dependencies or devDependencies of the app.',
  });
}

function runtimePackages(input: Parameters<typeof planImage>[0], plan: AppPlan): RuntimePackage[] {
  const { workspace, app, closure, owned, config } = input;
  const started = plan.kind === 'server' ? (plan.command ?? []).filter((word) => !word.startsWith('-')) : [];
  return importersOf(workspace.importers, closure.runtime).flatMap((importer): RuntimePackage[] => {
    const isApp = importer.id === app.id;
    const byNx = nxBuild(importer, workspace.files, isApp ? config : {});
    const own = owned.get(importer.id) ?? [];
    if (importer.derived) return isApp && byNx !== undefined ? projectFiles(importer, byNx, own, config.runtimeInclude) : [];
    const told = toldBuild(workspace, importer, app, config);
    const built = told === undefined ? importer.manifest.scripts?.build !== undefined || byNx !== undefined : told !== false;
    const options = {
      own,
      built,
      entries: isApp && started.length > 0 ? started : entriesOf(importer.manifest),
      left: isApp ? (plan.caches ?? []) : [],
      include: isApp ? (config.runtimeInclude ?? []) : [],
    };
    const elsewhere = isApp && byNx !== undefined && !isInside(byNx.output, importer.id) ? [outputOf(byNx)] : [];
    return [planRuntimePackage(importer, options), ...elsewhere];
  });
}

/** Of a project that Nx builds, what Nx made; of its sources what the config names. */
function projectFiles(app: Importer, byNx: NxBuild, own: readonly FileEntry[], include: readonly string[] = []): RuntimePackage[] {
  const built = outputOf(byNx);
  if (include.length === 0) return [built];
  return [built, planRuntimePackage({ ...app, manifest: { files: [] } }, { own, built: true, entries: [], include, left: [] })];
}

function outputOf({ output }: NxBuild): RuntimePackage {
  return { folder: output, built: true, sources: [], included: [], left: [] };
}

/** A credential that was written out and so left out can come from the user's own rc file. */
function plannedSecrets({ diagnostics }: PrunedInstall, { secrets }: DockerCommands, build: readonly string[]): PlannedSecret[] {
  const rc = diagnostics.some(({ code }) => code === 'literal-credential');
  return [
    ...secrets.map((id): PlannedSecret => ({ id, from: 'environment', usedBy: 'install' })),
    ...(rc ? [{ id: 'npmrc', from: 'user-rc', usedBy: 'install' } as const] : []),
    ...build.map((id): PlannedSecret => ({ id, from: 'environment', usedBy: 'build' })),
  ];
}

/** The lockfile and settings of the install, all at its root, and what the install itself leaves: no running app reads them. */
function leftoversOf(install: PrunedInstall, commands: DockerCommands): string[] {
  const settings = install.files.map(({ path }) => path).filter((path) => !path.includes('/'));
  return [...new Set([...settings, ...commands.leftovers])].sort(byCodeUnit);
}

function unknownStart(app: Importer, plan: AppPlan): Diagnostic {
  const command = plan.kind === 'server' ? plan.command : undefined;
  return {
    level: 'warning',
    code: 'start-unknown',
    message: `Nothing tells how ${app.name} starts: ${command === undefined ? 'the image has no command' : `\`${command.join(' ')}\` is taken`}.`,
    file: manifestPath(app.id),
    hint: 'Add a "start" script, or "start" to the config.',
  };
}
