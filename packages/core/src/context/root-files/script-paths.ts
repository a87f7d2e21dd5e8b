import { joinPath } from '../../paths.ts';

/** Scripts that build nothing, by the first word of their names. */
const NO_BUILD =
  /^(?:pre|post)?(?:tests?|e2e|lint|format|fmt|fix|check|prettier|eslint|biome|coverage|bench|dev|develop|watch|clean|debug|storybook|release|publish|deploy|version|changeset|docs?|typecheck|tsc)(?=$|[:._-])/;
const RUNNER = /\b(?:npm|pnpm|yarn|bun|npm-run-all|run-s|run-p|turbo|nx|wireit)\b/;

/** The scripts of a manifest that a build may run: all but those that only check, serve or release, unless one of the others runs them. */
export function buildScripts(scripts: Readonly<Record<string, string>>): readonly string[] {
  const chosen = new Set(Object.keys(scripts).filter((name) => !NO_BUILD.test(name)));
  for (const name of chosen) {
    const command = scripts[name] ?? '';
    if (!RUNNER.test(command)) continue;
    for (const word of command.split(/[\s'"&|;()]+/)) if (word in scripts) chosen.add(word);
  }
  return [...chosen];
}

/**
 * The paths that a shell command names, relative to the workspace root, in order: every word, or value after `=`, that looks like one,
 * with `cd` followed. They need not exist.
 */
export function shellPaths(command: string, folder: string): readonly string[] {
  const found: string[] = [];
  let at: string | undefined = folder;
  for (const step of command.split(/&&|\|\||[;|\n]/)) {
    const words = step.split(/[\s'"`()]+|=/).filter((word) => word !== '');
    if (words[0] === 'cd') {
      at = at === undefined || words[1] === undefined ? undefined : joinPath(at, words[1]);
      continue;
    }
    for (const word of words) {
      if (at === undefined || /^[-/~@$#]|:\/\/|[*$]/.test(word) || !/[./]/.test(word)) continue;
      const path = joinPath(at, word);
      if (path !== undefined) found.push(path);
    }
  }
  return found;
}
