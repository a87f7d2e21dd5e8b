import { shellWord } from '../shell-word.ts';

/** A command with the environment that its script sets before it. */
export interface StartCommand {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The program behind a `start` script, so that it can be the container's own process: assignments and `cross-env` become environment,
 * `dotenv` and `--env-file` go (an image holds no env file), a program of `node_modules/.bin` and everything that needs a shell goes
 * through one, replaced by the program where it can be.
 */
export function parseStart(script: string): StartCommand {
  const env: Record<string, string> = {};
  const words = shellWords(script);
  if (words === undefined) return { words: ['sh', '-c', script], env };
  let rest = words;
  for (;;) {
    const [first = '', ...others] = rest;
    const assignment = /^([A-Za-z_]\w*)=(.*)$/.exec(first);
    if (assignment?.[1] !== undefined) env[assignment[1]] = assignment[2] ?? '';
    else if (first === 'dotenv') rest = ['', ...others.slice(others.indexOf('--') + 1)];
    else if (!['cross-env', 'env', 'exec'].includes(first)) break;
    rest = rest.slice(1);
  }
  const [program = '', ...args] = rest;
  if (program === 'node') return { words: ['node', ...args.filter((arg) => !/^--env-file(-if-exists)?=/.test(arg))], env };
  if (program === 'bun')
    return { words: ['bun', ...args.filter((arg, index) => !(index === 0 && arg === 'run') && !arg.startsWith('--env-file'))], env };
  if (program === 'tsx') return { words: ['node', '--import', 'tsx', ...args], env };
  return { words: ['sh', '-c', `exec ${rest.map(shellWord).join(' ')}`], env };
}

/** Words of a simple command, or undefined where only a shell can read it. */
function shellWords(script: string): string[] | undefined {
  const words: string[] = [];
  const pattern = /\s*(?:'([^']*)'|"([^"$`\\]*)"|([^\s'"$`\\;&|<>()*?#~]+))(?=\s|$)/y;
  const text = script.trim();
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    words.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return words;
}
