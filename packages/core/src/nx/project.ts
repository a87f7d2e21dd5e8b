import { posix } from 'node:path';
import { type ParseError, parse } from 'jsonc-parser';
import type { Files, Importer } from '../model.ts';

/** A target of a project, as `project.json` and the `nx` key of a manifest write it. */
export interface NxTarget {
  readonly executor?: string;
  readonly command?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly configurations?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly dependsOn?: readonly unknown[];
  /** As Nx reads it: an empty one is none. */
  readonly defaultConfiguration?: string;
}

/** What the files of a project tell Nx of it. What plugins infer is not in it. */
export interface NxProject {
  readonly name: string;
  readonly targets: Readonly<Record<string, NxTarget>>;
  readonly implicitDependencies: readonly string[];
  /** `projectType` is `application`, or it is served. */
  readonly application: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** The project of an importer; undefined in a workspace without nx.json. */
export function nxProject({ id, name, manifest }: Importer, files: Files): NxProject | undefined {
  if (files.get('nx.json') === undefined) return undefined;
  const own = readJson(posix.join(id, 'project.json'), files);
  const inManifest = record(manifest.nx);
  const targets = { ...record(inManifest.targets), ...record(own.targets) } as Record<string, NxTarget>;
  return {
    name: stringOf(own.name) ?? stringOf(inManifest.name) ?? name,
    targets,
    implicitDependencies: [own.implicitDependencies, inManifest.implicitDependencies]
      .flat()
      .filter((item): item is string => typeof item === 'string'),
    application: [own.projectType, inManifest.projectType].includes('application') || targets.serve !== undefined,
  };
}

/** A JSON file of the repository, comments allowed; an empty object where there is none, or none that is an object. */
export function readJson(path: string, files: Files): Json {
  const errors: ParseError[] = [];
  return record(parse(files.read(path) ?? '{}', errors, { allowTrailingComma: true }));
}

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
