import { posix } from 'node:path';

/** A path that a text names, as segments to be joined to the text's own folder, or to where its program runs. */
export interface PathLiteral {
  readonly path: string;
  /** It sets where environment files are read: Vite's `envDir`, `loadEnv`, Next's `loadEnvConfig`. */
  readonly envFolder: boolean;
}

const STRING = String.raw`(?:'(?:[^'\\\n])*'|"(?:[^"\\\n])*"|${'`[^`\\\\$\\n]*`'})`;
/** `path.resolve(__dirname, '..', 'x')`, with any base expression of a word or a call. */
const JOINED = new RegExp(
  String.raw`\b(?:resolve|join)\(\s*(?:[\w.$]+(?:\((?:[^()]|\([^()]{0,99}\)){0,99}\))?\s*,\s*)?(${STRING}(?:\s*,\s*${STRING})*)\s*,?\s*\)`,
  'g',
);
const SINGLE = new RegExp(STRING, 'g');
/** `${__dirname}/../x` and `__dirname + '/../x'` */
const APPENDED = /(?:\$\{\s*(?:__dirname|import\.meta\.dirname)\s*\}|\b(?:__dirname|import\.meta\.dirname)\s*\+\s*['"`])(\/[^'"`$\n]*)/g;
const ENV_FOLDER = /(?:\benvDir\s*[:=]\s*|\bloadEnv\(\s*[^,()]*,\s*|\bloadEnvConfig\(\s*)$/;

/**
 * The relative paths that the string literals of a script or JSON text name, in order: those that begin with `./` or `../`, and strings joined
 * by `resolve` or `join` or put after `__dirname`. Found in the text alone, so one in a comment counts too; what does not exist is dropped later.
 */
export function pathLiterals(text: string): readonly PathLiteral[] {
  const found = new Map<number, PathLiteral>();
  const add = (at: number, path: string) => {
    const before = text.slice(Math.max(0, at - 80), at);
    if (!found.has(at))
      found.set(at, { path, envFolder: ENV_FOLDER.test(before.replace(/(?:(?:new\s+)?[\w.]+\()*[\w.]*$/, '')) || ENV_FOLDER.test(before) });
  };
  for (const match of text.matchAll(JOINED)) {
    const parts = [...(match[1] ?? '').matchAll(SINGLE)].map(([literal]) => literal.slice(1, -1));
    add(match.index, posix.join(...parts.map((part) => part.replace(/^\/+/, ''))));
  }
  for (const match of text.matchAll(APPENDED)) add(match.index, `.${match[1] ?? ''}`);
  const unjoined = text.replace(JOINED, (call) => ' '.repeat(call.length));
  for (const match of unjoined.matchAll(SINGLE)) {
    const path = match[0].slice(1, -1);
    if (/^\.(?:\.$|\.?\/)/.test(path)) add(match.index, path);
  }
  return [...found].toSorted(([a], [b]) => a - b).map(([, literal]) => literal);
}
