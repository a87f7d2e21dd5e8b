import { packageNameOf } from '../closure/imports/specifier.ts';

/** Programs of a package whose name is another, by the program: any of these packages may be meant. */
const PACKAGES_OF: Readonly<Record<string, readonly string[]>> = {
  babel: ['@babel/cli'],
  cdk: ['aws-cdk'],
  dotenv: ['dotenv-cli'],
  'graphql-codegen': ['@graphql-codegen/cli'],
  nest: ['@nestjs/cli'],
  ng: ['@angular/cli'],
  ngc: ['@angular/compiler-cli'],
  'react-router': ['@react-router/dev'],
  remix: ['@remix-run/dev'],
  rsbuild: ['@rsbuild/core'],
  rslib: ['@rslib/core'],
  rspack: ['@rspack/cli'],
  'run-p': ['npm-run-all', 'npm-run-all2'],
  'run-s': ['npm-run-all', 'npm-run-all2'],
  'svelte-kit': ['@sveltejs/kit'],
  swc: ['@swc/cli'],
  tailwindcss: ['@tailwindcss/cli', 'tailwindcss'],
  tsc: ['typescript'],
  webpack: ['webpack', 'webpack-cli'],
};
/** What the base image, the shell or Nx brings. */
const BROUGHT =
  /^(?:\[|\.|:|!|awk|basename|bash|cat|cd|chmod|cp|date|dirname|do|done|echo|else|env|exec|exit|export|false|fi|find|for|grep|gzip|head|if|ls|ln|mkdir|mv|node|npx|nx|pnpx|bunx|printf|pwd|rm|rmdir|sed|set|sh|sleep|sort|tail|tar|tee|test|then|time|touch|tr|true|uname|unzip|wc|which|while|xargs)$/;
/** What runs the program that follows. */
const WRAPPERS = /^(?:!|bunx|cross-env|cross-env-shell|do|dotenv|else|env|exec|if|npx|pnpx|then|time|while|xargs)$/;
const MANAGERS = /^(?:npm|pnpm|yarn|bun)$/;
const WORD = /"[^"]*"|'[^']*'|[^\s"']+/g;

/**
 * The programs that a shell command starts by name, but for what an image has anyway, and for scripts that a package manager runs: these are
 * commands of their own.
 * @param scripts names of the scripts that a package manager finds where the command runs
 */
export function programsOf(command: string, scripts: ReadonlySet<string>): string[] {
  return command.split(/&&|\|\||[;|&\n()]+/).flatMap((step) => {
    const words = (step.match(WORD) ?? []).map((word) => word.replace(/^["']|["']$/g, ''));
    return programsOfWords(words, scripts);
  });
}

function programsOfWords([first, ...rest]: readonly string[], scripts: ReadonlySet<string>): string[] {
  if (first === undefined) return [];
  if (/^[A-Za-z_]\w*=|^-/.test(first)) return programsOfWords(rest, scripts);
  if (MANAGERS.test(first)) return programsOfManager(first, rest, scripts);
  const program = first.replace(/^(?:\.\/)?node_modules\/\.bin\//, '');
  const isFile = /[/.]/.test(program) && !program.startsWith('@');
  return [...(BROUGHT.test(program) || isFile ? [] : [program]), ...(WRAPPERS.test(program) ? programsOfWords(rest, scripts) : [])];
}

/** A script that is not there is given with its manager's words: nothing tells what it starts. */
function programsOfManager(manager: string, words: readonly string[], scripts: ReadonlySet<string>): string[] {
  const [first = '', ...rest] = words.filter((word) => !word.startsWith('-'));
  if (/^(?:exec|x|dlx)$/.test(first)) return programsOfWords(rest, scripts);
  const runs = /^(?:run|run-script)$/.test(first);
  const [script = ''] = runs ? rest : [first];
  if (script === '' || scripts.has(script)) return [];
  return runs || manager === 'npm' ? [`${manager} ${words.join(' ')}`] : programsOfWords([script], scripts);
}

/** The packages that may bring a program. */
export function packagesOfProgram(program: string): readonly string[] {
  return PACKAGES_OF[program] ?? [packageNameOf(program.replace(/(?<=.)@[^/]*$/, ''))];
}
