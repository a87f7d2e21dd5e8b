import { posix } from 'node:path';
import ignore from 'ignore';
import type { Diagnostic, FileEntry, Importer, Manifest } from '../model.ts';
import { withinImporter } from '../paths.ts';
import type { RuntimePackage } from './collect.ts';

/** Folders that programs read at run time and no build copies. */
const dataFolders = ['public', 'static', 'views', 'templates', 'assets', 'locales', 'i18n', 'migrations', 'drizzle', 'prisma'];

/**
 * What the running app needs of a package besides what is installed. A package without a build, or whose entry is one of its sources,
 * is its sources; another is what its build makes, with the sources that its `files` (or lacking these, the usual data folders) name.
 */
export function planRuntimePackage(
  { id, manifest }: Importer,
  facts: {
    readonly own: readonly FileEntry[];
    readonly built: boolean;
    readonly entries: readonly string[];
    readonly include: readonly string[];
    readonly left: readonly string[];
  },
): RuntimePackage {
  const paths = facts.own.map(({ path }) => withinImporter(path, id));
  const sources = new Set(paths);
  const built = facts.built && !facts.entries.some((entry) => sources.has(posix.normalize(entry)));
  const included = facts.include.length === 0 ? [] : paths.filter(matching(facts.include));
  return { folder: id, built, sources: built ? paths.filter(wanted(manifest, facts.include)) : [], included, left: facts.left };
}

/** Globs within an app's folder that choose none of its files: another spelling was meant. */
export function idleGlobs({ id, name }: Importer, globs: readonly string[], own: readonly FileEntry[]): Diagnostic[] {
  const paths = own.map(({ path }) => withinImporter(path, id));
  return globs
    .filter((glob) => !/^(?:!|\.\.\/)/.test(glob) && !paths.some(matching([glob])))
    .map((glob) => ({
      level: 'warning',
      code: 'include-matches-nothing',
      message: `"${glob}" in "runtimeInclude" of ${name} matches no source file.`,
      hint: `Globs are relative to ${id === '.' ? 'its folder' : id}, or begin with ../; what its build makes is in the image anyway.`,
    }));
}

/** Files that importing or starting a package reads first. */
export function entriesOf(manifest: Manifest): string[] {
  const strings = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => (key === 'types' ? [] : strings(inner)))
        : [];
  return [...strings(manifest.main), ...strings(manifest.exports), ...strings(manifest.bin)].filter(
    (entry) => !entry.includes('*') && !entry.endsWith('package.json'),
  );
}

function wanted({ files }: Manifest, include: readonly string[]): (path: string) => boolean {
  if (files === undefined && include.length === 0) return isOfDataFolder;
  return matching([...(files ?? dataFolders.map((folder) => `/${folder}/`)), ...include]);
}

/** What patterns of the usual folders say, upper and lower case alike: most packages have no others, and this is quicker. */
function isOfDataFolder(path: string): boolean {
  const slash = path.indexOf('/');
  return slash > 0 && dataFolders.includes(path.slice(0, slash).toLowerCase());
}

function matching(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.filter((pattern) => typeof pattern === 'string');
  const matcher = ignore().add(
    patterns.map((pattern) => (pattern.startsWith('!') || pattern.startsWith('/') ? pattern : `/${pattern.replace(/^\.\//, '')}`)),
  );
  return (path) => matcher.ignores(path);
}
