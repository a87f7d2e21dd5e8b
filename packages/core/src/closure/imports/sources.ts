import type { Files } from '../../model.ts';
import { type Alias, aliasOf } from './aliases.ts';
import type { ParsedImport } from './parse-imports.ts';
import { scanImports, scanPublicEnv } from './scan-imports.ts';
import { scriptOf } from './script-blocks.ts';

/** Answers kept between runs, by what they were read from, the kind first; the values are plain JSON. A `Map` will do. */
export interface ImportCache {
  get(key: string): unknown;
  set(key: string, value: unknown): unknown;
}

/** What a file's text tells without a syntax tree. */
interface Scan {
  readonly specifiers: readonly string[];
  readonly publicEnv: readonly string[];
}

/** What is read of single files. ts-morph is loaded where a syntax tree is needed and the cache has no answer. */
export interface Sources {
  /** @see scanImports, scanPublicEnv */
  scan(path: string): Promise<Scan>;
  /** @see parseImports */
  parse(path: string): Promise<readonly ParsedImport[]>;
  /** The aliases of a build configuration of the importer in this folder. */
  aliases(path: string, folder: string): Promise<readonly Alias[]>;
}

/** Raise it when `Scan`, `parseImports`, `parseAliases` or `importReader` change their answer. */
export const CACHE_VERSION = 7;

export function cachedSources(files: Files, cache: ImportCache): Sources {
  // Not `files.read`, which keeps the text: few sources are read twice, and there are thousands.
  const textOf = (path: string) => new TextDecoder().decode(files.readBytes(path));
  const cached = async <T>(kind: string, path: string, make: () => T | Promise<T>): Promise<T> => {
    const key = `${kind}:${CACHE_VERSION}:${path.slice(path.lastIndexOf('.') + 1)}:${files.blobId(path)}`;
    const known = cache.get(key) as T | undefined;
    if (known !== undefined) return known;
    const made = await make();
    cache.set(key, made);
    return made;
  };
  return {
    scan: (path) =>
      cached('scan', path, () => {
        const text = textOf(path);
        return { specifiers: scanImports(text), publicEnv: scanPublicEnv(text) };
      }),
    parse: (path) => cached('parse', path, async () => (await import('./parse-imports.ts')).parseImports(scriptOf(path, textOf(path)))),
    aliases: async (path, folder) => {
      const parsed = await cached(`alias:${path}:${folder}`, path, async () =>
        /\balias\b/.test(textOf(path)) ? (await import('./parse-aliases.ts')).parseAliases(path, textOf(path), folder) : [],
      );
      return parsed.map(aliasOf);
    },
  };
}
