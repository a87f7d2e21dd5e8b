import { shellWord } from '../shell-word.ts';

type Scripts = Readonly<Record<string, unknown>>;

const begin = String.raw`(?<begin>^|&&|\|\||;)(?<lead>\s*(?:(?:exec|env|cross-env|[A-Za-z_]\w*=\S*)\s+)*)`;
const end = String.raw`(?=\s*(?:$|&&|\|\||;))`;
const quiet = String.raw`(?:\s+(?:-s|-q|--silent|--quiet))*`;

/** Of npm, `run` may be left out before a few names alone. */
const runsScript = [
  String.raw`npm${quiet}\s+(?:run(?:-script)?|(?=(?:re)?start\b|test\b))`,
  String.raw`(?:pnpm|yarn)${quiet}(?:\s+run)?`,
  String.raw`bun${quiet}\s+run`,
].join('|');
const scriptCall = new RegExp(`${begin}(?:${runsScript})${quiet}${String.raw`\s*(?<name>[\w.:@/-]+)(?<args>(?:\s+(?!&&|\|\||;)\S+)*)`}${end}`, 'g');

/** Yarn and pnpm take a word that is no command of theirs for a program. */
const runsProgram = [
  String.raw`(?:npx|bunx|pnpx)(?:\s+(?:-y|--yes|--no|--no-install))*`,
  String.raw`npm\s+exec(?:\s+--)?`,
  String.raw`(?:pnpm|yarn)\s+exec`,
  String.raw`(?:pnpm|yarn)(?:\s+run)?(?!\s+(?:-|i(?:nstall)?\b|add\b|remove\b|workspaces?\b|dlx\b|create\b))`,
].join('|');
const programCall = new RegExp(`${begin}(?:${runsProgram})${String.raw`\s+(?=[\w@./])`}`, 'g');

/**
 * A command line without the package manager that only passes it on, as an image has none: `npm run serve` is what the script `serve` says, with
 * its arguments behind it, as npm, pnpm, yarn and bun have it; `npx next start` and `yarn next start` are `next start`. Anything else stays.
 */
export function expandCommand(line: string, scripts: Scripts = {}, seen: readonly string[] = []): string {
  const followed = line.replace(scriptCall, (call: string, ...rest: unknown[]) => {
    const { begin, lead, name, args } = rest.at(-1) as Readonly<Record<'begin' | 'lead' | 'name' | 'args', string>>;
    const script = scripts[name];
    if (typeof script !== 'string' || seen.includes(name)) return call;
    const text = expandCommand(`${script}${args.replace(/^\s+--(?=\s)/, '')}`, scripts, [...seen, name]);
    if (!/[;&|<>()\n]/.test(text) || (call === line && lead.trim() === '')) return `${begin}${lead}${text}`;
    return lead.trim() === '' ? `${begin}${lead}(${text})` : `${begin}${lead}sh -c ${shellWord(text)}`;
  });
  return followed.replace(programCall, '$<begin>$<lead>');
}

/** Whether a command line still calls a package manager, which no image has. */
export function callsPackageManager(line: string): boolean {
  return /(?:^|[\s"'(;&|])(?:npm|npx|pnpm|pnpx|yarn|bunx|corepack)\s/.test(line);
}
