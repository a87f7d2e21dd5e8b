import { ErrorCode, StowageError } from '../../errors.ts';
import { byCodeUnit } from '../../order.ts';

/** A mapping as yarn writes it: texts and mappings, in the order of the file. */
export type SymlMap = ReadonlyMap<string, string | SymlMap>;

/** A mapping at the top level and where it stands; `body` is its text without the key, as written. */
export interface SymlBlock {
  readonly key: string;
  readonly line: number;
  readonly body: string;
  readonly value: SymlMap;
}

/**
 * Reads a file in the form in which yarn writes its lockfile, keeping the text of each block.
 * Any other YAML is refused: yarn would write it anew, and so not accept it as immutable.
 * @throws StowageError LockfileSyntax with the line
 */
export function parseSyml(text: string, file: string): { readonly header: string; readonly blocks: readonly SymlBlock[] } {
  const lines = text.split('\n');
  const blocks: SymlBlock[] = [];
  let index = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
  if (index === -1) index = lines.length;
  const header = lines
    .slice(0, index)
    .map((line) => `${line}\n`)
    .join('');
  while (index < lines.length) {
    if (lines[index] === '') {
      index++;
      continue;
    }
    const start = index;
    const key = readKey(lines, index, file);
    index = key.next;
    const bodyStart = index;
    while (index < lines.length && lines[index] !== '') index++;
    const body = lines.slice(bodyStart, index);
    blocks.push({ key: key.text, line: start + 1, body: body.map((line) => `${line}\n`).join(''), value: readMap(body, bodyStart, file) });
  }
  return { header, blocks };
}

/** A key on a line of its own; one longer than 1024 characters stands behind a `?`, its colon on the next line. */
function readKey(lines: readonly string[], index: number, file: string): { readonly text: string; readonly next: number } {
  const line = lines[index] as string;
  const long = line.startsWith('? ');
  const quoted = long ? line.slice(2) : line.slice(0, -1);
  const well = long ? lines[index + 1] === ':' : line.endsWith(':');
  const text = well ? unquote(quoted) : undefined;
  if (text === undefined) throw unreadable(file, index + 1, line);
  return { text, next: index + (long ? 2 : 1) };
}

function readMap(lines: readonly string[], offset: number, file: string): SymlMap {
  const root = new Map<string, string | SymlMap>();
  const open: Map<string, string | SymlMap>[] = [root];
  for (const [index, line] of lines.entries()) {
    const depth = /^ */.exec(line)?.[0].length ?? 0;
    const parent = depth % 2 === 0 ? open[depth / 2 - 1] : undefined;
    const entry = readEntry(line.slice(depth));
    if (parent === undefined || entry === undefined) throw unreadable(file, offset + index + 1, line);
    open.length = depth / 2;
    if (entry.value === undefined) {
      const child = new Map<string, string | SymlMap>();
      open.push(child);
      parent.set(entry.key, child);
    } else {
      parent.set(entry.key, entry.value);
    }
  }
  return root;
}

function readEntry(text: string): { readonly key: string; readonly value: string | undefined } | undefined {
  const parts = /^("(?:[^"\\]|\\.)*"|[^":][^:]*):(?: (.+))?$/.exec(text);
  const key = parts?.[1] === undefined ? undefined : unquote(parts[1]);
  if (key === undefined) return undefined;
  if (parts?.[2] === undefined) return { key, value: undefined };
  const value = unquote(parts[2]);
  return value === undefined ? undefined : { key, value };
}

function unquote(text: string): string | undefined {
  if (!text.startsWith('"')) return plain.test(text) ? text : undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(file: string, line: number, text: string): StowageError {
  return new StowageError(ErrorCode.LockfileSyntax, `${file} is not in the form that yarn writes: ${JSON.stringify(text.slice(0, 80))}.`, {
    where: { file, line },
    hint: 'Run `yarn install` and commit the lockfile that it writes.',
  });
}

/** What yarn writes without quotes. */
const plain = /^(?![-?:,\][{}#&*!|>'"%@` \t\r\n]).(?:[ \t]*(?![,\][{}:# \t\r\n]).)*$/;

function quote(text: string): string {
  return plain.test(text) ? text : JSON.stringify(text);
}

/** The key line of a top-level block. */
export function printKey(key: string): string {
  const quoted = quote(key);
  return quoted.length > 1024 ? `? ${quoted}\n:\n` : `${quoted}:\n`;
}

/** Fields that yarn writes first, in this order; all others follow by code unit. At every level. */
const leading = ['version', 'resolution', 'dependencies', 'peerDependencies', 'dependenciesMeta', 'peerDependenciesMeta', 'binaries'];

/** The lines of a mapping, sorted and quoted as yarn does; empty mappings are left out. */
export function printMap(map: SymlMap, indent = '  '): string {
  return [...map]
    .sort(([a], [b]) => rank(a) - rank(b) || byCodeUnit(a, b))
    .map(([key, value]) => {
      if (typeof value === 'string') return `${indent}${quote(key)}: ${quote(value)}\n`;
      const inner = printMap(value, `${indent}  `);
      return inner === '' ? '' : `${indent}${quote(key)}:\n${inner}`;
    })
    .join('');
}

function rank(key: string): number {
  const index = leading.indexOf(key);
  return index === -1 ? leading.length : index;
}
