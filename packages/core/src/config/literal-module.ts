import { ErrorCode, StowageError } from '../errors.ts';
import type { TextFile } from '../model.ts';
import { lineOf } from '../text.ts';

const token =
  /(?<blank>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\$]|\\.)*`)|(?<number>-?\d[\d_]*(?:\.\d+)?)|(?<name>[A-Za-z_$][\w$]*)|(?<mark>[{}[\],:])/y;
const head = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/|import\s+type\s[^;'"]*(?:'[^']*'|"[^"]*")\s*;?)*export\s+default\s+/;
const tail = /^\s*(?:as\s+const\s*)?(?:(?:satisfies|as)\s+[\w.]+\s*)?;?(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*$/;

/**
 * The JSON of a TypeScript or JavaScript module whose default export is an object literal of plain values, its values on the lines they
 * had. The module is read and never run: a config of a commit, or in a container without the repository's packages, means the same as
 * in a checkout, and no plan depends on an environment.
 * @throws StowageError InvalidConfig with the line of what is no plain value
 */
export function literalModule({ path, text }: TextFile): TextFile {
  const start = head.exec(text)?.[0].length;
  if (start === undefined || text[start] !== '{') throw unreadable(path, text, start ?? 0, 'is no `export default { ... }`');
  let json = text.slice(0, start).replace(/[^\n]/g, '');
  let depth = 0;
  token.lastIndex = start;
  do {
    const at = token.lastIndex;
    const groups = token.exec(text)?.groups;
    if (groups === undefined) throw unreadable(path, text, at, 'holds something else than plain values');
    const { blank, text: quoted, number, name, mark } = groups;
    if (blank !== undefined) json += blank.replace(/[^\n]/g, ' ');
    else if (quoted !== undefined) json += JSON.stringify(unescaped(quoted)) + quoted.replace(/[^\n]/g, '');
    else if (number !== undefined) json += number.replaceAll('_', '');
    else if (name !== undefined) json += wordOf(name, /^\s*:/.test(text.slice(token.lastIndex))) ?? refuse(path, text, at, name);
    else json += mark;
    depth += mark === '{' || mark === '[' ? 1 : mark === '}' || mark === ']' ? -1 : 0;
  } while (depth > 0);
  const rest = token.lastIndex;
  if (!tail.test(text.slice(rest))) throw unreadable(path, text, rest, 'goes on after the object');
  return { path, text: json };
}

function wordOf(name: string, isKey: boolean): string | undefined {
  if (isKey) return JSON.stringify(name);
  return ['true', 'false', 'null'].includes(name) ? name : undefined;
}

function unescaped(quoted: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };
  return quoted.slice(1, -1).replace(/\\([\s\S])/g, (_, character: string) => escapes[character] ?? character);
}

function refuse(path: string, text: string, at: number, name: string): never {
  throw unreadable(path, text, at, `uses \`${name}\``);
}

function unreadable(path: string, text: string, offset: number, what: string): StowageError {
  return new StowageError(ErrorCode.InvalidConfig, `${path} is read, not run, and ${what}.`, {
    where: { file: path, line: lineOf(text, offset) },
    hint: 'Write `export default { ... } satisfies StowageConfig` with strings, numbers, booleans, arrays and objects alone; imports of types may stand before it.',
  });
}
