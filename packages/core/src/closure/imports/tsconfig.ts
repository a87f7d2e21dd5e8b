import { type ParseError, parse } from 'jsonc-parser';
import type { Files, Importer, Manifest } from '../../model.ts';
import { joinPath, parentOf } from '../../paths.ts';
import { lineOf, recordOf } from '../../text.ts';
import { isRelative, packageNameOf } from './specifier.ts';

/** What a tsconfig.json names, as it stands there. Anything of another shape than TypeScript's is left out, as TypeScript's own error tells it better. */
export interface Tsconfig {
  readonly path: string;
  readonly extends: readonly { readonly specifier: string; readonly line: number }[];
  readonly references: readonly string[];
  readonly baseUrl: string | undefined;
  readonly paths: Readonly<Record<string, readonly string[]>> | undefined;
  readonly files: readonly string[];
  readonly include: readonly string[];
  readonly typeRoots: readonly string[];
}

const TSCONFIG = /^(?:ts|js)config(?:\.[\w.-]+)?\.json$/;
const CHECKING = /\.(?:test|tests|spec|e2e|eslint|lint|vitest|jest|cypress|playwright|storybook)\b/;

/** Whether a bare file name is a tsconfig.json or jsconfig.json, or a variant that a build may read. */
export function isTsconfig(name: string): boolean {
  return TSCONFIG.test(name) && !CHECKING.test(name);
}

export function parseTsconfig(path: string, text: string): Tsconfig {
  const errors: ParseError[] = [];
  const json = recordOf(parse(text, errors, { allowTrailingComma: true }));
  const options = recordOf(json.compilerOptions);
  const paths = Object.entries(recordOf(options.paths)).map(([pattern, targets]) => [pattern, strings(targets)] as const);
  return {
    path,
    extends: strings(json.extends).map((specifier) => ({ specifier, line: lineOf(text, Math.max(0, text.indexOf(JSON.stringify(specifier)))) })),
    references: (Array.isArray(json.references) ? json.references : []).flatMap((reference) => strings(recordOf(reference).path)),
    baseUrl: strings(options.baseUrl)[0],
    paths: options.paths === undefined ? undefined : Object.fromEntries(paths),
    files: strings(json.files),
    include: strings(json.include),
    typeRoots: strings(options.typeRoots),
  };
}

function strings(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');
}

export interface TsconfigContext {
  readonly files: Files;
  readonly importersByName: ReadonlyMap<string, Importer>;
}

export function readTsconfig(path: string, files: Files): Tsconfig | undefined {
  const text = files.get(path) === undefined ? undefined : files.read(path);
  return text === undefined ? undefined : parseTsconfig(path, text);
}

/** The listed file that an `extends` or `references` entry names; undefined for a package of a registry, or where there is none. */
export function resolveTsconfig(specifier: string, from: string, context: TsconfigContext): string | undefined {
  if (isRelative(specifier)) return configFile(joinPath(parentOf(from), specifier), context.files);
  const name = packageNameOf(specifier);
  const importer = context.importersByName.get(name);
  if (importer === undefined) return undefined;
  const subpath = specifier.slice(name.length + 1);
  const target = exported(importer.manifest, subpath) ?? (subpath === '' ? (strings(importer.manifest.tsconfig)[0] ?? 'tsconfig.json') : subpath);
  return configFile(joinPath(importer.id, target), context.files);
}

function configFile(path: string | undefined, files: Files): string | undefined {
  return path === undefined ? undefined : [path, `${path}.json`, `${path}/tsconfig.json`].find((candidate) => files.get(candidate) !== undefined);
}

/** What `exports` gives for a subpath that it names outright. */
function exported(manifest: Manifest, subpath: string): string | undefined {
  let target = recordOf(manifest.exports)[subpath === '' ? '.' : `./${subpath}`];
  while (typeof target === 'object' && target !== null) target = Object.values(target)[0];
  return typeof target === 'string' ? target : undefined;
}

/** A config, then all that it extends, in the order in which TypeScript looks for a setting: the nearest first. */
export function tsconfigChain(path: string, context: TsconfigContext): readonly Tsconfig[] {
  const chain: Tsconfig[] = [];
  const visit = (file: string): void => {
    if (chain.some((config) => config.path === file)) return;
    const config = readTsconfig(file, context.files);
    if (config === undefined) return;
    chain.push(config);
    for (const { specifier } of config.extends.toReversed()) {
      const parent = resolveTsconfig(specifier, file, context);
      if (parent !== undefined) visit(parent);
    }
  };
  visit(path);
  return chain;
}

/** The tsconfigs of an importer: those on top of its folder; where there is none, the nearest one above, as TypeScript and bundlers look it up. */
export function tsconfigsOf(importer: Importer, files: Files, own: readonly { readonly path: string }[]): readonly string[] {
  const onTop = own.map(({ path }) => path).filter((path) => parentOf(path) === importer.id && isTsconfig(path.slice(path.lastIndexOf('/') + 1)));
  if (onTop.length > 0) return onTop;
  for (let folder = importer.id; folder !== '.'; ) {
    folder = parentOf(folder);
    const found = ['tsconfig.json', 'jsconfig.json'].map((name) => joinPath(folder, name) ?? name).find((path) => files.get(path) !== undefined);
    if (found !== undefined) return [found];
  }
  return [];
}
