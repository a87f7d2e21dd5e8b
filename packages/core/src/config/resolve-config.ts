import { ErrorCode, type Location, StowageError } from '../errors.ts';
import type { Files, Importer, TextFile, Workspace } from '../model.ts';
import { sortedBy } from '../order.ts';
import { perObject } from '../per-object.ts';
import { importersCalled, nameTheFolder, nearestImporters, severalAreCalled } from '../read/find-app.ts';
import { literalModule } from './literal-module.ts';
import { parseConfig, placeIn } from './parse-config.ts';
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

/** Of which a folder may have one. */
export const configFileNames = ['stowage.json', 'stowage.jsonc', 'stowage.config.ts'];

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
  for (const layer of layers) {
    const source = layer.path.length === 0 ? layer.file : `${layer.file} (${layer.path.join('.')})`;
    for (const [key, value] of Object.entries(layer.config)) if (value !== undefined) values.set(key, { key, value, source });
  }
  return [...values.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * The script that builds a package, or that none does, where the package itself is told so: it counts in every app that has the package,
 * unlike what the root's file says of all apps.
 */
function ownBuild(workspace: Packages, importer: Importer): AppConfig['build'] {
  return layersOf(workspace, importer).findLast(({ config, ofAll }) => config.build !== undefined && !ofAll)?.config.build;
}

/**
 * What a package of an app's closure is told of its build: the app by all of its config, another by what counts wherever it is.
 * @throws StowageError InvalidConfig
 */
export function toldBuild(workspace: Packages, importer: Importer, app: Importer, config: AppConfig): AppConfig['build'] {
  return importer.id === app.id ? config.build : ownBuild(workspace, importer);
}

/** Where a package is told a value: file, line and key; undefined where it is not told it. */
export function configPlace(workspace: Packages, app: Importer, key: string): Location | undefined {
  const layer = layersOf(workspace, app).findLast(({ config }) => config[key as keyof AppConfig] !== undefined);
  return layer && placeIn(readConfigFile(workspace.files, layer.file), [...layer.path, key]);
}

/** Does what knows only the key of a wrong value, and completes the place of its error. */
export function atItsPlace<T>(workspace: Packages, app: Importer, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StowageError) || error.where?.key === undefined || error.where.file !== undefined) throw error;
    const { code, message, hint, cause, where } = error;
    const details = { where: configPlace(workspace, app, where.key as string) ?? where, ...(hint === undefined ? {} : { hint }), cause };
    throw new StowageError(code, message, details);
  }
}

interface Layer {
  readonly config: AppConfig;
  readonly file: string;
  /** Keys inside the file that lead to it. */
  readonly path: readonly string[];
  /** Whether it speaks of every app. */
  readonly ofAll?: boolean;
}

function layersOf(workspace: Packages, app: Importer): Layer[] {
  return [...rootLayers(workspace, app), ...(app.id === '.' ? [] : appLayers(workspace.files, app))];
}

function rootLayers(workspace: Packages, app: Importer): Layer[] {
  const { files } = workspace;
  const manifest = { path: 'package.json', text: files.read('package.json') ?? '{}' };
  const layers: Layer[] =
    app.id === '.' ? [{ config: parseConfig(appConfigSchema, manifest, 'stowage'), file: 'package.json', path: ['stowage'] }] : [];
  const root = readRootFile(workspace);
  if (root === undefined) return layers;
  const { apps = {}, $schema: _, ...config } = root.config;
  layers.unshift({ config, file: root.path, path: [], ofAll: true });
  // the folder says more exactly which package is meant
  const keys = Object.keys(apps).filter((key) => root.named.get(key) === app.id);
  for (const key of sortedBy(keys, (each) => `${each === app.id}`))
    layers.push({ config: apps[key] as AppConfig, file: root.path, path: ['apps', key] });
  return layers;
}

interface RootFile {
  readonly path: string;
  readonly config: RootConfig;
  /** Ids of importers by the keys of `apps`. */
  readonly named: ReadonlyMap<string, string>;
}

/** Every package of a closure asks for it. */
const readRootFile = perObject(({ files, importers }: Packages): RootFile | undefined => {
  const file = findConfigFile(files, '.');
  if (file === undefined) return undefined;
  const config = parseConfig(rootConfigSchema, file) as RootConfig;
  const named = new Map(Object.keys(config.apps ?? {}).map((key) => [key, importerOf(key, importers, file).id]));
  return { path: file.path, config, named };
});

function appLayers(files: Files, app: Importer): Layer[] {
  const path = `${app.id}/package.json`;
  // few manifests have the key, and to parse all again for their lines takes long
  const own = app.manifest.stowage === undefined ? {} : parseConfig(appConfigSchema, { path, text: files.read(path) ?? '{}' }, 'stowage');
  const file = findConfigFile(files, app.id);
  return [
    { config: own, file: path, path: ['stowage'] },
    ...(file === undefined ? [] : [{ config: withoutReference(parseConfig(appFileSchema, file)), file: file.path, path: [] }]),
  ];
}

function findConfigFile(files: Files, folder: string): TextFile | undefined {
  const [found, second] = configFileNames
    .map((name) => (folder === '.' ? name : `${folder}/${name}`))
    .filter((path) => files.get(path) !== undefined);
  if (found === undefined) return undefined;
  if (second !== undefined) {
    throw new StowageError(ErrorCode.InvalidConfig, `${found} and ${second} are both there.`, { where: { file: second }, hint: 'Keep one.' });
  }
  return readConfigFile(files, found);
}

function readConfigFile(files: Files, path: string): TextFile {
  const file = { path, text: files.read(path) ?? '' };
  return path.endsWith('.ts') ? literalModule(file) : file;
}

function withoutReference({ $schema: _, ...config }: AppConfig & { readonly $schema?: string | undefined }): AppConfig {
  return config;
}

function importerOf(key: string, importers: readonly Importer[], file: TextFile): Importer {
  const found = importersCalled(importers, key);
  const [first] = found;
  if (found.length === 1 && first !== undefined) return first;
  const [message, hint] =
    first === undefined
      ? [`"${key}" names no package of this workspace.`, nearestImporters(importers, key)]
      : [severalAreCalled(key, found), nameTheFolder];
  throw new StowageError(ErrorCode.InvalidConfig, message, { where: placeIn(file, ['apps', key]), ...(hint === undefined ? {} : { hint }) });
}
