/** A place in a text whose value differs; `undefined` where it is not there. */
export interface KeyChange {
  /** `dependencies.express`, `packages["node_modules/ms"].integrity` */
  readonly key: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Where two texts differ, by the keys that their indentation shows: manifests, lockfiles and settings, whether JSON, YAML, yarn's own
 * format, TOML or an rc file. Of what was added or removed with all below it, only the top. Empty where only order or layout differ.
 */
export function changedKeys(before: string, after: string): KeyChange[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  const changes: KeyChange[] = [];
  let top = '\0';
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [one, other] = [old.get(key), now.get(key)];
    if (one === other || key.startsWith(`${top}.`) || key.startsWith(`${top}[`)) continue;
    if (one === undefined || other === undefined) top = key;
    changes.push({ key, before: one, after: other });
  }
  return changes;
}

/** Values by key, in the order of the text. */
function valuesOf(text: string): Map<string, string> {
  const values = new Map<string, string>();
  const open: { readonly indent: number; readonly key: string }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const content = line.trim().replace(/,$/, '');
    if (content === '' || /^[#;]|^[{}[\]]+$/.test(content)) continue;
    const indent = line.length - line.trimStart().length;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const [name, value] = splitLine(content);
    const key = unused(joinKey(open.at(-1)?.key, name), values);
    values.set(key, value);
    open.push({ indent, key });
  }
  return values;
}

/** `key: value` of YAML and JSON, `key = value` of rc files and TOML, `key value` of yarn; a line with none of these is its own key. */
function splitLine(content: string): [name: string, value: string] {
  const match =
    /^("(?:\\.|[^"\\])*"|'[^']*'|\S.*?)(?::\s+|:$)(.*)$/.exec(content) ??
    /^([^=\s]+)\s*=\s*(.*)$/.exec(content) ??
    /^(\S+)\s+(\S.*)$/.exec(content.startsWith('- ') ? '' : content);
  if (match === null) return [content, ''];
  const value = match[2] ?? '';
  return [unquoted(match[1] ?? ''), /^[{[]$/.test(value) ? '' : unquoted(value)];
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}

function joinKey(parent: string | undefined, name: string): string {
  const simple = /^[\w-]+$/.test(name);
  if (parent === undefined) return simple ? name : `["${name}"]`;
  return simple ? `${parent}.${name}` : `${parent}["${name}"]`;
}

/** Items of a list may repeat a key. */
function unused(key: string, taken: ReadonlyMap<string, string>): string {
  if (!taken.has(key)) return key;
  for (let count = 2; ; count++) if (!taken.has(`${key} (${count})`)) return `${key} (${count})`;
}
