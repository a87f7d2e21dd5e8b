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
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') at++;
  return at;
}

/** From an opening quote to behind the closing one. */
function skipString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); ; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
}

function skipValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; ; ) {
    const character = text[at];
    if (character === '"') at = skipString(text, at);
    else if (character === '{' || character === '[') {
      depth++;
      at++;
    } else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth--;
      at++;
    } else if (character === ',' && depth === 0) return at;
    else at++;
    if (depth === 0 && (text[at - 1] === '"' || text[at - 1] === '}' || text[at - 1] === ']')) return at;
  }
}
