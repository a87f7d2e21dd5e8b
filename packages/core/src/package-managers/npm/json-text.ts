/** One member of a JSON object as it stands in the text. */
export interface JsonMember {
  readonly key: string;
  /** From behind the brace or comma before it to the end of its value, blanks and line breaks included. */
  readonly text: string;
  /** Where the value begins inside `text`. */
  readonly valueStart: number;
  /** Where the key begins in the whole text. */
  readonly offset: number;
}

export interface JsonObjectText {
  readonly members: readonly JsonMember[];
  /** Blanks between the last value and the closing brace. */
  readonly tail: string;
}

const [quote, comma, openBrace, closeBrace, openBracket, closeBracket] = [0x22, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Cuts an object of a text that is known to be valid JSON into its members, without a loss: `printObject` of all gives the same text.
 * So what is kept of a lockfile stays byte for byte, however it was formatted.
 */
export function readObject(text: string, start: number): JsonObjectText {
  const members: JsonMember[] = [];
  let memberStart = start + 1;
  for (;;) {
    const keyStart = skipBlanks(text, memberStart);
    if (text[keyStart] === '}') return { members, tail: text.slice(memberStart, keyStart) };
    const keyEnd = skipString(text, keyStart);
    const valueStart = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
    const valueEnd = skipValue(text, valueStart);
    members.push({
      key: JSON.parse(text.slice(keyStart, keyEnd)) as string,
      text: text.slice(memberStart, valueEnd),
      valueStart: valueStart - memberStart,
      offset: keyStart,
    });
    const next = skipBlanks(text, valueEnd);
    if (text[next] === '}') return { members, tail: text.slice(valueEnd, next) };
    memberStart = next + 1;
  }
}

/** The text of an object of these members' texts. */
export function printObject(members: readonly string[], tail: string): string {
  return members.length === 0 ? '{}' : `{${members.join(',')}${tail}}`;
}

/** The member with another value. */
export function withValue(member: JsonMember, value: string): string {
  return member.text.slice(0, member.valueStart) + value;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d; code = text.charCodeAt(at)) at++;
  return at;
}

/** From an opening quote to behind the closing one. */
function skipString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
}

/** Of a string, an object or an array to behind its end; of anything else to what ends it. */
function skipValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = skipString(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (code === openBrace || code === openBracket) {
      depth++;
    } else if (code === closeBrace || code === closeBracket) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (code === comma && depth === 0) return at;
  }
  throw new Error('the text is no valid JSON');
}
