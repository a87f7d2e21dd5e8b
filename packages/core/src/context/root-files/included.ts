import ignore from 'ignore';
import type { Diagnostic, FileEntry } from '../../model.ts';

/**
 * The files that globs choose, in the dialect of .gitignore, read the other way round: relative to the workspace root, `*` within a segment,
 * `**` across segments, a folder's name stands for all below it, a pattern without a slash matches at any depth. A pattern after `!`
 * takes out what any other takes in, wherever it stands. No braces. Upper and lower case differ.
 */
export function includedFiles(
  globs: readonly string[],
  list: readonly FileEntry[],
): { readonly paths: readonly string[]; readonly diagnostics: readonly Diagnostic[] } {
  if (globs.length === 0) return { paths: [], diagnostics: [] };
  const matcher = (patterns: readonly string[]) => ignore({ ignorecase: false }).add(patterns.map((pattern) => pattern.replace(/^\.\//, '/')));
  const taken = globs.filter((glob) => !glob.startsWith('!'));
  const inside = matcher(taken);
  const outside = matcher(globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)));
  const idle = taken.filter((glob) => !list.some(({ path }) => matcher([glob]).ignores(path)));
  return {
    paths: list.map(({ path }) => path).filter((path) => inside.ignores(path) && !outside.ignores(path)),
    diagnostics: idle.map((glob) => ({
      level: 'warning',
      code: 'include-matches-nothing',
      message: `"${glob}" of the config matches no file.`,
      hint: 'Globs are in the dialect of .gitignore: those of "include" from the workspace root, those of "runtimeInclude" from the folder of the app.',
    })),
  };
}
