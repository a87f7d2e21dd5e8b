/** One key of a YAML block mapping, as a range of the text: from the blank line before it, if there is one, to the end of its value. */
export interface Block {
  readonly key: string;
  readonly start: number;
  /** Where the line with the key starts. */
  readonly keyAt: number;
  readonly end: number;
}

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const HASH = 35;
const COLON = 58;

/**
 * Splits a range of block-style YAML by the keys that stand at exactly this indentation.
 * Whatever is indented deeper (literal blocks and the blank lines inside them too) belongs to the key before it.
 * Printing all blocks one after the other gives the range again, and printing some of them leaves no blank line too many.
 */
export function splitBlocks(text: string, from: number, to: number, indent: number): Block[] {
  const starts: { start: number; keyAt: number }[] = [];
  let blank = -1;
  for (let at = from; at < to; ) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 || newline >= to ? to : newline + 1;
    if (isBlank(text, at)) {
      blank = at;
    } else {
      if (isKeyLine(text, at, indent)) starts.push({ start: blank < 0 ? at : blank, keyAt: at });
      blank = -1;
    }
    at = next;
  }
  return starts.map(({ start, keyAt }, index) => ({ key: keyOf(text, keyAt + indent), start, keyAt, end: starts[index + 1]?.start ?? to }));
}

/** Where the value's first own line starts: behind the line of the key. */
export function bodyOf(text: string, block: Block): number {
  const newline = text.indexOf('\n', block.keyAt);
  return newline < 0 || newline >= block.end ? block.end : newline + 1;
}

/** Whether the key is written `? key`, its value `: value` on a line of its own, as YAML wants it for keys of more than 1024 characters. */
export function isExplicit(text: string, block: Block, indent: number): boolean {
  return text.startsWith('? ', block.keyAt + indent);
}

/** What ends the lines of a text. */
export function newlineOf(text: string): string {
  return text[text.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n';
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === NEWLINE || (code === RETURN && text.charCodeAt(at + 1) === NEWLINE);
}

function isKeyLine(text: string, at: number, indent: number): boolean {
  for (let column = 0; column < indent; column++) if (text.charCodeAt(at + column) !== SPACE) return false;
  const code = text.charCodeAt(at + indent);
  const isExplicitValue = code === COLON && text.charCodeAt(at + indent + 1) === SPACE;
  return code !== SPACE && code !== HASH && code !== NEWLINE && code !== RETURN && !Number.isNaN(code) && !isExplicitValue;
}

/** The key at this place, without its quotes. */
function keyOf(text: string, at: number): string {
  const newline = text.indexOf('\n', at);
  let line = text.slice(at, newline < 0 ? undefined : newline).trimEnd();
  if (line.startsWith('? ')) line = line.slice(2).trimStart();
  if (line.startsWith("'")) return /^'((?:[^']|'')*)'/.exec(line)?.[1]?.replaceAll("''", "'") ?? line;
  if (line.startsWith('"')) return unquote(/^"(?:[^"\\]|\\.)*"/.exec(line)?.[0]) ?? line;
  const colon = line.search(/:(?:\s|$)/);
  return colon < 0 ? line : line.slice(0, colon).trimEnd();
}

function unquote(quoted: string | undefined): string | undefined {
  try {
    return quoted === undefined ? undefined : (JSON.parse(quoted) as string);
  } catch {
    return undefined;
  }
}
