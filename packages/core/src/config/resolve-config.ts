import { didYouMean, ErrorCode, StowageError } from '../errors.ts';
import type { Files, Importer, TextFile, Workspace } from '../model.ts';
import { perObject } from '../per-object.ts';
import { literalModule } from './literal-module.ts';
import { parseConfig } from './parse-config.ts';
import { type AppConfig, appConfigSchema, appFileSchema, type RootConfig, rootConfigSchema } from './schema.ts';

/** One value of an app's config, and where it came from. */
export interface ConfigValue {
  readonly key: string;
  readonly value: unknown;
  /** A file, with the key inside it where it is not the whole file. */
  readonly source: string;
}

/** What of a workspace tells a config. */
type Packages = Pick<Workspace, 'importers' | 'files'>;

const fileNames = ['stowage.json', 'stowage.jsonc', 'stowage.config.ts'];

/**
 * What an app is told, nearest first: `stowage.json(c)` or `stowage.config.ts` in its folder or the `stowage` key of its manifest, its entry under `apps` in
 * the root's file, the root file's own values.
 * @throws StowageError InvalidConfig
 */
export function resolveConfig(workspace: Packages, app: Importer): AppConfig {
  return Object.fromEntries(explainConfig(workspace, app).map(({ key, value }) => [key, value]));
}

/** The same, each value with its source, sorted by key. */
export function explainConfig(workspace: Packages, app: Importer): ConfigValue[] {
  return valuesOf(layersOf(workspace, app));
}

/** What is told of this app by name, and not of all. */
export function toldByName(workspace: Packages, app: Importer): ConfigValue[] {
  return valuesOf(layersOf(workspace, app).filter(({ ofAll }) => !ofAll));
}

function valuesOf(layers: readonly Layer[]): ConfigValue[] {
  const values = new Map<string, ConfigValue>();
  for (const { config, source } of layers) {
    for (const [key, value] of Object.entries(config)) if (value !== undefined) values.set(key, { key, value, source });
  }
  return [...values.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * The script that builds a package, or that none does, where the package itself is told so: it counts in every app that has the package,
 * unlike what the root's file says of all apps.
 * @throws StowageError InvalidConfig
 */
export function ownBuild(workspace: Packages, importer: Importer): AppConfig['build'] {
  return layersOf(workspace, importer).findLast(({ config, ofAll }) => config.build !== undefined && !ofAll)?.config.build;
}

interface Layer {
  readonly config: AppConfig;
  readonly source: string;
  /** Whether it speaks of every app. */
  readonly ofAll?: boolean;
}

function layersOf(workspace: Packages, app: Importer): Layer[] {
  return [...rootLayers(workspace, app), ...(app.id === '.' ? [] : appLayers(workspace.files, app))];
}

function rootLayers(workspace: Packages, app: Importer): Layer[] {
  const { files } = workspace;
  const manifest = { path: 'package.json', text: files.read('package.json') ?? '{}' };
  const layers: Layer[] = app.id === '.' ? [{ config: parseConfig(appConfigSchema, manifest, 'stowage'), source: 'package.json (stowage)' }] : [];
  const root = readRootFile(workspace);
  if (root === undefined) return layers;
  const { apps = {}, $schema: _, ...config } = root.config;
  layers.unshift({ config, source: root.path, ofAll: true });
  for (const key of [app.name, app.id]) if (apps[key] !== undefined) layers.push({ config: apps[key], source: `${root.path} (apps.${key})` });
  return layers;
}

interface RootFile {
  readonly path: string;
  readonly config: RootConfig;
}

/** Every package of a closure asks for it. */
const readRootFile = perObject(({ files, importers }: Packages): RootFile | undefined => {
  const file = findConfigFile(files, '.');
  if (file === undefined) return undefined;
  const config = parseConfig(rootConfigSchema, file) as RootConfig;
  for (const key of Object.keys(config.apps ?? {})) assertKnownApp(key, importers, file);
  return { path: file.path, config };
});

function appLayers(files: Files, app: Importer): Layer[] {
  const path = `${app.id}/package.json`;
  // few manifests have the key, and to parse all again for their lines takes long
  const own = app.manifest.stowage === undefined ? {} : parseConfig(appConfigSchema, { path, text: files.read(path) ?? '{}' }, 'stowage');
  const file = findConfigFile(files, app.id);
  return [
    { config: own, source: `${path} (stowage)` },
    ...(file === undefined ? [] : [{ config: withoutReference(parseConfig(appFileSchema, file)), source: file.path }]),
  ];
}

function findConfigFile(files: Files, folder: string): TextFile | undefined {
  const [found, second] = fileNames.map((name) => (folder === '.' ? name : `${folder}/${name}`)).filter((path) => files.get(path) !== undefined);
  if (found === undefined) return undefined;
  if (second !== undefined) {
    throw new StowageError(ErrorCode.InvalidConfig, `${found} and ${second} are both there.`, { where: { file: second }, hint: 'Keep one.' });
  }
  const file = { path: found, text: files.read(found) ?? '' };
  return found.endsWith('.ts') ? literalModule(file) : file;
}

function withoutReference({ $schema: _, ...config }: AppConfig & { readonly $schema?: string | undefined }): AppConfig {
  return config;
}

function assertKnownApp(key: string, importers: readonly Importer[], file: TextFile): void {
  if (importers.some(({ id, name }) => id === key || name === key)) return;
  const known = importers.flatMap(({ id, name }) => (id === name ? [id] : [name, id]));
  throw new StowageError(ErrorCode.InvalidConfig, `"${key}" names no package of this workspace.`, {
    where: { file: file.path, key: `apps.${key}` },
    ...(didYouMean(key, known) === undefined ? {} : { hint: didYouMean(key, known) as string }),
  });
}
