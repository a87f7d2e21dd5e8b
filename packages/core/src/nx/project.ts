import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import type { Files, Importer } from '../model.ts';
import { perObject } from '../per-object.ts';
import { recordOf } from '../text.ts';

/** A target of a project, as `project.json` and the `nx` key of a manifest write it. */
export interface NxTarget {
  readonly executor?: string;
  readonly command?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly configurations?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly dependsOn?: readonly unknown[];
  readonly outputs?: readonly unknown[];
  /** As Nx reads it: an empty one is none. */
  readonly defaultConfiguration?: string;
}

/** What the files of a project tell Nx of it. What plugins infer is not in it. */
export interface NxProject {
  readonly name: string;
  /** With what nx.json has for them under `targetDefaults`. */
  readonly targets: Readonly<Record<string, NxTarget>>;
  readonly implicitDependencies: readonly string[];
  /** `projectType` is `application`, or it is served. */
  readonly application: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** The project of an importer; undefined in a workspace without nx.json. */
export function nxProject(importer: Importer, files: Files): NxProject | undefined {
  return files.get('nx.json') === undefined ? undefined : projectsOf(files)(importer);
}

/** Every part of a plan asks for them. */
const projectsOf = perObject((files: Files) => perObject((importer: Importer) => readProject(importer, files)));

function readProject({ id, name, manifest }: Importer, files: Files): NxProject {
  const own = readJson(posix.join(id, 'project.json'), files);
  const inManifest = recordOf(manifest.nx);
  const written = { ...recordOf(inManifest.targets), ...recordOf(own.targets) };
  const targets = Object.fromEntries(Object.entries(written).map(([key, target]) => [key, withDefaults(key, recordOf(target), files)]));
  return {
    name: stringOf(own.name) ?? stringOf(inManifest.name) ?? name,
    targets,
    implicitDependencies: [own.implicitDependencies, inManifest.implicitDependencies]
      .flat()
      .filter((item): item is string => typeof item === 'string'),
    application: [own.projectType, inManifest.projectType].includes('application') || targets.serve !== undefined,
  };
}

/** What nx.json has for every target of a name, or of an executor. */
export function targetDefaultsOf(key: string, files: Files): NxTarget {
  return recordOf(recordOf(nxJson(files).targetDefaults)[key]);
}

/** Nx takes the defaults of a target's executor or, where it has none, those of its name, unless these are for another executor. */
function withDefaults(name: string, target: NxTarget, files: Files): NxTarget {
  const all = recordOf(nxJson(files).targetDefaults);
  const executor = target.executor ?? (target.command === undefined ? undefined : 'nx:run-commands');
  const defaults: NxTarget = recordOf(all[executor ?? ''] ?? all[name]);
  if (executor !== undefined && (defaults.executor ?? executor) !== executor) return target;
  return {
    ...defaults,
    ...target,
    options: { ...recordOf(defaults.options), ...recordOf(target.options) },
    configurations: { ...recordOf(defaults.configurations), ...recordOf(target.configurations) } as NonNullable<NxTarget['configurations']>,
  };
}

/** The `build` target of a project, and those of its own that it depends on. */
export function targetsOfBuild({ targets }: NxProject): NxTarget[] {
  const reached = new Set(['build']);
  for (const name of reached) {
    const needed = targets[name]?.dependsOn;
    for (const each of Array.isArray(needed) ? needed : []) {
      const target = typeof each === 'string' ? each : recordOf(each).projects === undefined ? stringOf(recordOf(each).target) : undefined;
      if (target !== undefined && targets[target] !== undefined) reached.add(target);
    }
  }
  return [...reached].flatMap((name) => targets[name] ?? []);
}

/** The file that makes an importer a project of Nx. */
export function projectFile({ id }: Importer, files: Files): string {
  const own = posix.join(id, 'project.json');
  return files.get(own) === undefined ? posix.join(id, 'package.json') : own;
}

/** The settings of the workspace; an empty object where there are none. */
export const nxJson = perObject((files: Files): Json => readJson('nx.json', files));

/** A JSON file of the repository, comments allowed; an empty object where there is none, or none that is an object. */
export function readJson(path: string, files: Files): Json {
  return recordOf(parse(files.read(path) ?? '{}', [], { allowTrailingComma: true }));
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
