import { posix } from 'node:path';
import type { AppConfig } from '../config/schema.ts';
import type { Importer, Workspace } from '../model.ts';
import { ownBuildScript } from '../nx/build.ts';
import { ownValue } from '../own-value.ts';
import { scriptNames } from '../paths.ts';
import { perObject } from '../per-object.ts';
import type { AppFacts } from './preset.ts';

export function appFacts({ importers, files }: Pick<Workspace, 'importers' | 'files'>, importer: Importer, config: AppConfig): AppFacts {
  const root = importers[0] as Importer;
  return {
    importer,
    root,
    // few presets ask, and it looks at every manifest
    get shared() {
      return dependedOn(importers).has(importer.name);
    },
    files,
    config,
  };
}

/** The names that packages of a workspace depend on; the root does not count. */
const dependedOn = perObject((importers: readonly Importer[]): ReadonlySet<string> => {
  const others = importers.filter(({ id }) => id !== '.');
  return new Set(others.flatMap(({ manifest }) => Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })));
});

/** The path of a file of the app, from the workspace root. */
export function inApp({ importer }: AppFacts, path: string): string {
  return importer.id === '.' ? path : `${importer.id}/${path}`;
}

/** A config file of the app: its name, and its text without comments. */
export interface ConfigFile {
  readonly name: string;
  readonly code: string;
}

/** The first config file of the app with one of these names, given without ending. */
export function configFile(app: AppFacts, ...stems: readonly string[]): ConfigFile | undefined {
  for (const stem of stems) {
    for (const name of scriptNames(stem)) {
      const text = app.files.read(inApp(app, name));
      if (text !== undefined) return { name: posix.basename(name), code: withoutComments(text) };
    }
  }
  return undefined;
}

/** A program's text without its comments: what is only noted there is not set. */
function withoutComments(text: string): string {
  return text.replace(/('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1');
}

/** Whether the app itself depends on a package: at run time or for its build. A project without a manifest has the root's dependencies. */
export function uses({ importer, root }: AppFacts, name: string): boolean {
  const { manifest } = importer.derived ? root : importer;
  return (ownValue(manifest.dependencies, name) ?? ownValue(manifest.devDependencies, name)) !== undefined;
}

/** Whether the app, or the root for all, depends on a package. */
export function dependsOn(app: AppFacts, name: string): boolean {
  return uses(app, name) || uses({ ...app, importer: app.root }, name);
}

/** The script of the app that runs a command: `build` if it does, else the first by the manifest's order. */
export function scriptThatRuns({ importer: { manifest } }: AppFacts, command: RegExp): string | undefined {
  const names = Object.entries(manifest.scripts ?? {}).flatMap(([name, text]) => (typeof text === 'string' && command.test(text) ? [name] : []));
  return names.includes('build') ? 'build' : names[0];
}

/** Whether the `start` script starts something else than this tool: then the tool's site is beside the point. */
export function startsOther({ importer: { manifest } }: AppFacts, tool: RegExp): boolean {
  return manifest.scripts?.start !== undefined && !tool.test(manifest.scripts.start);
}

/** What builds a framework's app: its `build` script, whatever that calls; without one the script that runs the framework's own build. */
export function buildScript(app: AppFacts, command: RegExp): string | undefined {
  return ownBuildScript(app.importer.manifest) === undefined ? scriptThatRuns(app, command) : 'build';
}

/** The string literal that a config file gives a key, where it is written as one. */
export function literalOf(text: string | undefined, key: string): string | undefined {
  return new RegExp(`(?:^|[\\s{,(])${key}\\s*:\\s*(['"\`])([^'"\`$]*)\\1`).exec(text ?? '')?.[2];
}

/** `/admin/` of `admin`, `/admin` or `https://cdn.example/admin/`; `/` of nothing or a relative base. */
export function publicPathOf(base: string | undefined): string {
  const path = (base ?? '/')
    .replace(/^[a-z]+:\/\/[^/]*/, '')
    .replace(/^\.?\/*/, '')
    .replace(/\/*$/, '');
  return path === '' ? '/' : `/${path}/`;
}
