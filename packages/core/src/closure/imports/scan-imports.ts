import { isBuiltin } from './specifier.ts';

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|astro|mdx)$/;

/** Above this a file is a bundle that somebody committed, not a source. */
const LONGEST_SOURCE = 1_000_000;

// A keyword that a specifier can follow, then perhaps a parenthesis and comments, then a string without substitutions.
const KEYWORD = String.raw`\b(?:from|import|require(?:\.resolve|\.context)?|import\.meta\.(?:glob|resolve)|URL|reference\s+(?:types|path)\s*=)`;
const COMMENTS = String.raw`(?:\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\/\s*|\/\/[^\n]*\n\s*)*`;
const STRING = String.raw`(?:'([^'\n]+)'|"([^"\n]+)"|${'`([^`\\n]+)`'})`;
const IMPORT = new RegExp(String.raw`${KEYWORD}\s*(?:\(\s*\[?\s*)?${COMMENTS}${STRING}`, 'g');

const PUBLIC_ENV = /\b(?:process\.env|import\.meta\.env)\??\.((?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|EXPO_PUBLIC|GATSBY)_\w+)/g;

/** Variables that a front end's build writes into its output, once each, sorted: the frameworks tell them by their prefixes. */
export function scanPublicEnv(text: string): readonly string[] {
  return text.length > LONGEST_SOURCE || !text.includes('.env')
    ? []
    : [...new Set([...text.matchAll(PUBLIC_ENV)].map(([, name = '']) => name))].sort();
}

/** Whether a file can import modules. */
export function isSource(path: string): boolean {
  return SOURCE.test(path);
}

/** What a program says that has Rollup bundle packages where Node has modules of the same names (@rollup/plugin-node-resolve). */
const PACKAGES_FIRST = /\bpreferBuiltins\s*:\s*false\b/;

/** Whether a text, to its bundler, means packages by the names of Node's own modules. */
export function meansPackages(text: string): boolean {
  return PACKAGES_FIRST.test(text);
}

/**
 * Every string of a text that stands where an import names its module, once each, in order: a superset of the imports,
 * as comments and strings are not told apart from code. A builtin also as `buffer/`, the package, where the text may mean that. Fast enough for every file of a repository.
 */
export function scanImports(text: string): readonly string[] {
  if (text.length > LONGEST_SOURCE) return [];
  const found = new Set<string>();
  for (const match of text.matchAll(IMPORT)) found.add(match[1] ?? match[2] ?? match[3] ?? '');
  if (meansPackages(text)) for (const name of [...found].filter(isBuiltin)) found.add(`${name}/`);
  return [...found];
}
