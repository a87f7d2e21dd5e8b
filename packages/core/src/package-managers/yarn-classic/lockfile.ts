import { ErrorCode, StowageError } from '../../errors.ts';
import type { TextFile } from '../../model.ts';
import { byCodeUnit } from '../../order.ts';

/** One block of yarn.lock: the patterns (`name@range`) of its key line, and its text as yarn wrote it. */
export interface ClassicEntry {
  readonly patterns: readonly string[];
  /** The lines below the key line. */
  readonly body: readonly string[];
  /** Blank lines after the block. */
  readonly gap: readonly string[];
  /** 1-based line of the key. */
  readonly line: number;
  readonly version: string;
  /** Written where a pattern's name is not the package's own. */
  readonly name: string | undefined;
  readonly resolved: string | undefined;
  readonly integrity: string | undefined;
  /** Patterns of its dependencies and optional dependencies, in the file's order. */
  readonly dependencies: readonly string[];
  readonly prebuiltVariants: readonly string[];
}

export interface ClassicLockfile {
  readonly path: string;
  readonly newline: string;
  /** Everything before the first entry. */
  readonly header: readonly string[];
  readonly entries: readonly ClassicEntry[];
  readonly byPattern: ReadonlyMap<string, ClassicEntry>;
}

const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
const keyLine = new RegExp(String.raw`^((?:${quoted}|[^",\s]+)(?:, (?:${quoted}|[^",\s]+))*):$`);
const fieldLine = new RegExp(String.raw`^( {2}| {4})(${quoted}|[^"\s]+?)(?: (${quoted}|[^"\s]\S*)|(:))$`);

/**
 * Reads a yarn.lock of yarn 1, block by block, and keeps each block's text.
 * Format: src/lockfile/parse.js and stringify.js of yarn 1.22.
 * @throws StowageError LockfileConflict, LockfileVersion, LockfileSyntax with the line.
 */
export function parseClassicLockfile(file: TextFile): ClassicLockfile {
  const newline = file.text.includes('\r\n') ? '\r\n' : '\n';
  const lines = file.text.split(newline);
  assertReadable(file.path, lines);
  const first = lines.findIndex((line) => keyLine.test(line));
  const header = first === -1 ? lines : lines.slice(0, first);
  const stranger = header.findIndex((line) => line !== '' && !line.startsWith('#') && line !== '\uFEFF' && !line.startsWith('\uFEFF#'));
  if (stranger !== -1) throw syntaxError(file.path, stranger);
  const entries = first === -1 ? [] : parseEntries(file.path, lines, first);
  const byPattern = new Map<string, ClassicEntry>();
  for (const entry of entries) {
    for (const pattern of entry.patterns) {
      if (byPattern.has(pattern)) throw duplicateEntry(file.path, entry, pattern);
      byPattern.set(pattern, entry);
    }
  }
  return { path: file.path, newline, header, entries, byPattern };
}

function assertReadable(path: string, lines: readonly string[]): void {
  const conflict = lines.findIndex((line) => /^(?:<{7}|={7}|>{7})(?: |$)/.test(line));
  if (conflict !== -1) {
    throw new StowageError(ErrorCode.LockfileConflict, `${path} holds the markers of an unresolved merge.`, {
      where: { file: path, line: conflict + 1 },
      hint: 'Run `yarn install`: it resolves them. Then commit yarn.lock.',
    });
  }
  const versionLine = lines.findIndex((line) => /^# yarn lockfile v(?!1$)/.test(line));
  if (versionLine !== -1) {
    throw new StowageError(ErrorCode.LockfileVersion, `${path} is of a version that no yarn 1 writes: ${lines[versionLine]?.slice(2)}.`, {
      where: { file: path, line: versionLine + 1 },
      hint: 'Run `npx yarn@1.22.22 install` and commit yarn.lock.',
    });
  }
}

function syntaxError(path: string, index: number): StowageError {
  return new StowageError(ErrorCode.LockfileSyntax, `${path} cannot be read as a yarn.lock of yarn 1.`, {
    where: { file: path, line: index + 1 },
    hint: 'Restore the file from git, or delete it and run `yarn install`.',
  });
}

/** Yarn reads the last of them and says nothing. */
function duplicateEntry(path: string, { line }: ClassicEntry, pattern: string): StowageError {
  return new StowageError(ErrorCode.LockfileSyntax, `${path} has ${pattern} twice.`, {
    where: { file: path, line, key: pattern },
    hint: 'Delete one of the two entries, run `yarn install` and commit yarn.lock.',
  });
}

function parseEntries(path: string, lines: readonly string[], first: number): ClassicEntry[] {
  const entries: ClassicEntry[] = [];
  for (let start = first; start < lines.length; ) {
    const key = keyLine.exec(lines[start] as string)?.[1];
    if (key === undefined) throw syntaxError(path, start);
    let end = start + 1;
    while (end < lines.length && /^ |^#/.test(lines[end] as string)) end++;
    let next = end;
    while (next < lines.length && lines[next] === '') next++;
    entries.push(parseEntry(path, key, lines.slice(start + 1, end), lines.slice(end, next), start));
    start = next;
  }
  return entries;
}

function parseEntry(path: string, key: string, body: readonly string[], gap: readonly string[], start: number): ClassicEntry {
  const fields = new Map<string, string>();
  const sections = new Map<string, [string, string][]>();
  let section: [string, string][] = [];
  body.forEach((line, index) => {
    if (/^\s*#/.test(line)) return;
    const [, indent, name, value, opens] = fieldLine.exec(line) ?? [];
    if (name === undefined || (indent === '    ' && opens !== undefined)) throw syntaxError(path, start + 1 + index);
    if (opens !== undefined) {
      section = [];
      sections.set(unquote(name), section);
    } else if (indent === '  ') fields.set(unquote(name), unquote(value as string));
    else section.push([unquote(name), unquote(value as string)]);
  });
  const patternsOf = (name: string) => (sections.get(name) ?? []).map(([dependency, range]) => `${dependency}@${range}`);
  const version = fields.get('version');
  if (version === undefined) throw syntaxError(path, start);
  return {
    patterns: key.match(new RegExp(`${quoted}|[^",\\s]+`, 'g'))?.map(unquote) ?? [],
    body,
    gap,
    line: start + 1,
    version,
    name: fields.get('name'),
    resolved: fields.get('resolved'),
    integrity: fields.get('integrity'),
    dependencies: [...patternsOf('dependencies'), ...patternsOf('optionalDependencies')],
    prebuiltVariants: (sections.get('prebuiltVariants') ?? []).map(([name]) => name),
  };
}

/** The text of a token of yarn's format, quoted or bare. */
export function unquote(text: string): string {
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

function quoteWhereNeeded(text: string): string {
  return /^(?:true|false|[^a-zA-Z])|[:\s\n\\",[\]]/.test(text) ? JSON.stringify(text) : text;
}

/**
 * The text of the same lockfile with some entries, each under some of its patterns (in the file's order).
 * Bodies stay byte for byte, but for `name:` where no kept pattern needs it any longer. An entry whose first
 * pattern went moves to where yarn would sort it.
 */
export function printClassicLockfile(lockfile: ClassicLockfile, kept: ReadonlyMap<ClassicEntry, readonly string[]>): string {
  const entries = lockfile.entries.filter((entry) => kept.has(entry));
  const firstOf = (entry: ClassicEntry) => kept.get(entry)?.[0] as string;
  const ordered = entries.filter((entry) => firstOf(entry) === entry.patterns[0]);
  for (const moved of entries.filter((entry) => firstOf(entry) !== entry.patterns[0])) {
    const place = ordered.findIndex((entry) => byCodeUnit(firstOf(entry), firstOf(moved)) > 0);
    ordered.splice(place === -1 ? ordered.length : place, 0, moved);
  }
  const last = lockfile.entries.at(-1);
  const lines = ordered.flatMap((entry, index) => [
    `${kept.get(entry)?.map(quoteWhereNeeded).join(', ')}:`,
    ...bodyFor(entry, kept.get(entry) as readonly string[]),
    ...(index === ordered.length - 1 ? (last as ClassicEntry).gap : entry === last ? [''] : entry.gap),
  ]);
  return [...lockfile.header, ...(lines.length === 0 && lockfile.entries.length > 0 ? [''] : lines)].join(lockfile.newline);
}

function bodyFor(entry: ClassicEntry, patterns: readonly string[]): readonly string[] {
  if (entry.name === undefined || patterns.some((pattern) => nameOf(pattern) !== entry.name)) return entry.body;
  return entry.body.filter((line) => !line.startsWith('  name '));
}

/** `@scope/name` of `@scope/name@range`. */
export function nameOf(pattern: string): string {
  const at = pattern.indexOf('@', 1);
  return at === -1 ? pattern : pattern.slice(0, at);
}

/** The range of a pattern as yarn understands it: without a version any will do, a bare name means the latest. */
export function rangeOf(pattern: string): string {
  const at = pattern.indexOf('@', 1);
  return at === -1 ? 'latest' : pattern.slice(at + 1) || '*';
}
