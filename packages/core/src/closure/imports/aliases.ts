import { joinPath, parentOf } from '../../paths.ts';
import { type TsconfigContext, tsconfigChain } from './tsconfig.ts';

/** A rule by which a specifier stands for something else. */
export interface Alias {
  readonly find: RegExp;
  /** Replacements in order, with `$1`: a path relative to the root that begins with `./`, or another specifier. */
  readonly to: readonly string[];
  /** TypeScript tries the next rule where a path leads to no file; a bundler does not. */
  readonly mustExist: boolean;
}

/** An alias of a bundler's configuration, as plain JSON. */
export interface ParsedAlias {
  readonly source: string;
  readonly flags: string;
  readonly to: string;
}

export function aliasOf({ source, flags, to }: ParsedAlias): Alias {
  return { find: new RegExp(source, flags), to: [to], mustExist: false };
}

/** What a specifier becomes under each rule that matches, in order. */
export function applyAliases(specifier: string, aliases: readonly Alias[]): readonly { readonly to: string; readonly mustExist: boolean }[] {
  return aliases
    .filter(({ find }) => find.test(specifier))
    .flatMap(({ find, to, mustExist }) => to.map((target) => ({ to: specifier.replace(find, target), mustExist })));
}

export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Keeps a `$` of a path from being read as a group. */
export function escapeReplacement(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/**
 * The aliases of `paths` and `baseUrl` of tsconfigs, as TypeScript reads them: the nearest `paths` of a chain alone counts, relative to the
 * `baseUrl` or else to the file that holds it; an exact pattern first, then the longest prefix.
 */
export function tsconfigAliases(tsconfigs: readonly string[], context: TsconfigContext): readonly Alias[] {
  return tsconfigs.flatMap((path) => {
    const chain = tsconfigChain(path, context);
    const inFolder = (config: { readonly path: string }, target: string) => {
      const besideLeaf = target.replace(/^\$\{configDir\}/, '.');
      return joinPath(parentOf(besideLeaf === target ? config.path : path), besideLeaf);
    };
    const withBase = chain.find(({ baseUrl }) => baseUrl !== undefined);
    const base = withBase?.baseUrl === undefined ? undefined : inFolder(withBase, withBase.baseUrl);
    const withPaths = chain.find(({ paths }) => paths !== undefined) ?? { path, paths: undefined };
    const fromBase = (target: string) => (base === undefined ? inFolder(withPaths, target) : joinPath(base, target));
    const aliases = Object.entries<readonly string[]>(withPaths.paths ?? {})
      .toSorted(([a], [b]) => Number(a.includes('*')) - Number(b.includes('*')) || b.indexOf('*') - a.indexOf('*'))
      .map(([pattern, targets]) => pathsAlias(pattern, targets.map(fromBase)));
    return base === undefined ? aliases : [...aliases, pathsAlias('*', [joinPath(base, '*')])];
  });
}

function pathsAlias(pattern: string, targets: readonly (string | undefined)[]): Alias {
  const [prefix = '', suffix] = pattern.split('*');
  return {
    find: new RegExp(suffix === undefined ? `^${escapeRegExp(prefix)}$` : `^${escapeRegExp(prefix)}(.*)${escapeRegExp(suffix)}$`),
    to: targets.filter((target) => target !== undefined).map((target) => `./${escapeReplacement(target).replace('*', '$1')}`),
    mustExist: true,
  };
}
