/** Thrown where the text leaves the part of YAML that is read here. */
const FOREIGN = Symbol('foreign');

/** What js-yaml would look at closely: tabs, control characters, and characters that it takes for the end of a line. */
const UNUSUAL = /[^\r\n -~\u00A0-\u2027\u202A-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD]/;

const PLAIN_START = /^[\w./^~=<$(]/;
/** One entry of a flow mapping or sequence, up to the comma behind it. */
const FLOW_SCALAR = String.raw`'(?:[^']|'')*'|[\w./^~=<$(][^\s,[\]{}:#'"]*(?:(?: |:(?! ))[^\s,[\]{}:#'"]+)*`;
const FLOW_ITEM = new RegExp(String.raw`(?:('[^']*'|[\w./-]+): )?(${FLOW_SCALAR})(?:, |$)`, 'y');

type Mapping = Record<string, unknown>;

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 39;
const DASH = 45;
const COLON = 58;

/** A key with a literal block, whose lines may be anything. */
const LITERAL = /^( *)[\w'].*: \|-\n(?:(?:\1 +.*)?\n)*/gm;
/** A line that pnpm would not print. */
const UNPRINTED_LINE =
  /^(?! *(?:(?:'(?:[^'\n]|'')*'|[\w./^~=<$(@-][^\n]*?):(?: (?:\{[^\n]*\}|\[[^\n]*\]|'(?:[^'\n]|'')*'|[\w./^~=<$(][^\n]*))?|- (?:'(?:[^'\n]|'')*'|[\w./^~=<$(][^\n]*))?\r?$)/m;

/** Whether every line alone looks as a package manager prints it. How they are indented is not looked at. */
export function looksPrinted(text: string): boolean {
  return !UNPRINTED_LINE.test(text.includes(': |-') ? text.replace(LITERAL, '') : text);
}

/**
 * The value of a YAML text as a package manager prints its lockfile, or of some lines of it: block mappings and sequences, plain and single-quoted scalars on one
 * line, flat flow collections, literal blocks. Scalars are strings, as in YAML's failsafe schema. Undefined for all other YAML, right or wrong, which
 * is for a whole parser to judge; it takes twice as long.
 */
export function readPlainYaml(text: string): Mapping | undefined {
  if (UNUSUAL.test(text)) return undefined;
  try {
    return new Reader(text).document();
  } catch (thrown) {
    if (thrown === FOREIGN) return undefined;
    throw thrown;
  }
}

class Reader {
  readonly #text: string;
  /** Where the line starts that is read next. */
  #at = 0;
  /** Where its content starts: the number of spaces before it is its indentation. */
  #content = 0;

  constructor(text: string) {
    this.#text = text;
    this.#enterLine();
  }

  document(): Mapping {
    const value = this.#mapping(this.#indent);
    if (this.#at < this.#text.length) throw FOREIGN;
    return value;
  }

  get #indent(): number {
    return this.#at < this.#text.length ? this.#content - this.#at : -1;
  }

  /** Goes to the next line with content, from the start of a line. */
  #enterLine(): void {
    for (;;) {
      this.#content = this.#at;
      while (this.#text.charCodeAt(this.#content) === SPACE) this.#content++;
      const code = this.#text.charCodeAt(this.#content);
      if (code === NEWLINE) this.#at = this.#content + 1;
      else if (code === RETURN && this.#text.charCodeAt(this.#content + 1) === NEWLINE) this.#at = this.#content + 2;
      else return;
    }
  }

  /** The rest of the line from an offset; the next line with content is entered. */
  #restOfLine(from: number): string {
    const newline = this.#text.indexOf('\n', from);
    const end = newline < 0 ? this.#text.length : newline;
    this.#at = newline < 0 ? end : end + 1;
    this.#enterLine();
    let last = end;
    while (last > from && isSpaceOrReturn(this.#text.charCodeAt(last - 1))) last--;
    return this.#text.slice(from, last);
  }

  #mapping(indent: number): Mapping {
    const mapping: Mapping = {};
    while (this.#indent === indent) {
      const key = this.#key();
      set(mapping, key, this.#value(indent));
    }
    if (this.#indent > indent) throw FOREIGN;
    return mapping;
  }

  /** Leaves the content behind the colon. */
  #key(): string {
    const start = this.#content;
    const quoted = this.#text.charCodeAt(start) === QUOTE;
    const end = quoted ? this.#endOfQuoted(start) : this.#endOfPlainKey(start);
    const next = this.#text.charCodeAt(end + 1);
    if (this.#text.charCodeAt(end) !== COLON || (next !== SPACE && next !== NEWLINE && next !== RETURN)) throw FOREIGN;
    this.#content = end + 1;
    const key = this.#text.slice(start, end);
    if (quoted) return unquoted(key);
    if (!PLAIN_START.test(key) || key.includes('\n') || key.includes(' #')) throw FOREIGN;
    return key;
  }

  /** The offset of the colon that ends it. */
  #endOfPlainKey(start: number): number {
    let colon = this.#text.indexOf(':', start);
    while (colon >= 0 && !isSpaceOrReturn(this.#text.charCodeAt(colon + 1)) && this.#text.charCodeAt(colon + 1) !== NEWLINE) {
      colon = this.#text.indexOf(':', colon + 1);
    }
    if (colon < 0) throw FOREIGN;
    return colon;
  }

  /** The offset behind the closing quote. */
  #endOfQuoted(start: number): number {
    let quote = this.#text.indexOf("'", start + 1);
    while (quote >= 0 && this.#text.charCodeAt(quote + 1) === QUOTE) quote = this.#text.indexOf("'", quote + 2);
    if (quote < 0) throw FOREIGN;
    return quote + 1;
  }

  #value(indent: number): unknown {
    const rest = this.#restOfLine(this.#content).trimStart();
    if (rest === '|-') return this.#literal(indent);
    if (rest !== '') return scalarOrFlow(rest);
    if (this.#indent <= indent) throw FOREIGN;
    return this.#isItem() ? this.#sequence(this.#indent) : this.#mapping(this.#indent);
  }

  #isItem(): boolean {
    return this.#text.charCodeAt(this.#content) === DASH && this.#text.charCodeAt(this.#content + 1) === SPACE;
  }

  #sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    while (this.#indent === indent) {
      if (!this.#isItem()) throw FOREIGN;
      items.push(scalarOrFlow(this.#restOfLine(this.#content + 2).trimStart()));
    }
    if (this.#indent > indent) throw FOREIGN;
    return items;
  }

  /** `|-`: the lines below as they are, without their indentation and without the last newline. */
  #literal(indent: number): string {
    const inner = this.#indent;
    if (inner <= indent || !this.#text.startsWith('|-', this.#at - 3)) throw FOREIGN;
    const lines: string[] = [];
    let from = this.#at;
    while (this.#indent >= inner) {
      const line = this.#at;
      for (; from < line; from = this.#text.indexOf('\n', from) + 1) lines.push('');
      this.#at = this.#text.indexOf('\n', line) + 1 || this.#text.length;
      lines.push(this.#text.slice(line + inner, this.#at).replace(/\r?\n$/, ''));
      from = this.#at;
      this.#enterLine();
    }
    return lines.join('\n');
  }
}

/** No key twice, nor one that objects have of their own. */
function set(mapping: Mapping, key: string, value: unknown): void {
  if (key in mapping) throw FOREIGN;
  mapping[key] = value;
}

function isSpaceOrReturn(code: number): boolean {
  return code === SPACE || code === RETURN;
}

function scalarOrFlow(text: string): unknown {
  if (text.startsWith('{') || text.startsWith('[')) return flow(text);
  if (text.startsWith("'")) return unquoted(text);
  if (!PLAIN_START.test(text[0] ?? '') || text.includes(': ') || text.includes(' #') || text.endsWith(':')) throw FOREIGN;
  return text;
}

/** `{}`, `{a: b, c: 'd'}`, `[a, b]`: nothing nested. */
function flow(text: string): unknown {
  const isMapping = text.startsWith('{');
  if (!text.endsWith(isMapping ? '}' : ']')) throw FOREIGN;
  const inside = text.slice(1, -1);
  const mapping: Mapping = {};
  const items: unknown[] = [];
  for (FLOW_ITEM.lastIndex = 0; FLOW_ITEM.lastIndex < inside.length; ) {
    const [, key, scalar] = FLOW_ITEM.exec(inside) ?? [];
    if (scalar === undefined || (key !== undefined) !== isMapping) throw FOREIGN;
    const value = scalar.startsWith("'") ? unquoted(scalar) : scalar;
    if (key === undefined) items.push(value);
    else set(mapping, key.startsWith("'") ? unquoted(key) : key, value);
  }
  return isMapping ? mapping : items;
}

function unquoted(text: string): string {
  const inside = text.slice(1, -1);
  if (!inside.includes("'")) {
    if (text.length < 2 || !text.endsWith("'")) throw FOREIGN;
    return inside;
  }
  if (!/^'(?:[^']|'')*'$/.test(text)) throw FOREIGN;
  return inside.replaceAll("''", "'");
}
