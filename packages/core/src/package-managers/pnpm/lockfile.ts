import { FAILSAFE_SCHEMA, load, YAMLException } from '@zkochan/js-yaml';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { TextFile } from '../../model.ts';
import { ownValue } from '../../own-value.ts';
import { lineOf } from '../../text.ts';
import { Entries } from './entries.ts';
import { looksPrinted, readPlainYaml } from './plain-yaml.ts';
import { type Block, bodyOf, splitBlocks } from './text-blocks.ts';

/** How the lockfile writes keys: 5.4 is pnpm 7's, 6.0 pnpm 8's, 9.0 that of pnpm 9 and later. */
export type Layout = '5.4' | '6.0' | '9.0';

export const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;
export type Section = (typeof SECTIONS)[number];

/** What an importer's entry may hold. */
export const IMPORTER_MAPS = ['specifiers', ...SECTIONS] as const;

export interface LockedDependency {
  readonly specifier: string;
  readonly version: string;
}

export type LockedImporter = { readonly [section in Section]?: Readonly<Record<string, LockedDependency>> } & {
  /** In 5.4 alone: those of all sections, as they stand in the file. */
  readonly specifiers?: Readonly<Record<string, string>>;
};

/** An entry of `packages` (up to 6.0 with its dependencies) or of `snapshots`. Scalars are strings as written. */
export interface LockedPackage {
  readonly resolution?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly dev?: string;
  readonly optional?: string;
  /** Up to 6.0. */
  readonly patched?: string;
}

/** What is read of the main document; all else is only copied. */
export interface LockfileDocument {
  readonly lockfileVersion: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
  readonly catalogs?: Readonly<Record<string, Readonly<Record<string, LockedDependency>>>>;
  readonly packageExtensionsChecksum?: string;
  readonly pnpmfileChecksum?: string;
  readonly ignoredOptionalDependencies?: readonly string[];
  readonly patchedDependencies?: Readonly<Record<string, string | { readonly hash: string; readonly path: string }>>;
  readonly time?: Readonly<Record<string, string>>;
  readonly importers: Entries<LockedImporter>;
  readonly packages: Entries<LockedPackage>;
  /** Up to 6.0 the same as `packages`. */
  readonly snapshots: Entries<LockedPackage>;
}

export interface PnpmLockfile {
  readonly path: string;
  readonly text: string;
  /** Where the main document starts: behind a byte order mark and the document about pnpm itself (`configDependencies`). */
  readonly main: number;
  /** Root keys of the main document. */
  readonly sections: readonly Block[];
  readonly layout: Layout;
  /** A lockfile of one package, up to 6.0: its importer's maps are root keys. */
  readonly flat: boolean;
  readonly document: LockfileDocument;
  /** Whether some package depends on a workspace: where one is its peer. */
  readonly linksFromPackages: boolean;
  /** Version of pnpm itself that the first of two documents locks. */
  readonly lockedPnpm: string | undefined;
  /** Keys of that document's packages. */
  readonly environmentPackages: readonly string[];
}

const LAYOUTS: Readonly<Record<string, Layout>> = { '5.4': '5.4', '6.0': '6.0', '6.1': '6.0', '9.0': '9.0' };

/** Root keys whose entries are read when asked for. */
const LARGE: ReadonlySet<string> = new Set(['importers', 'packages', 'snapshots']);

/** @throws StowageError LockfileConflict, LockfileSyntax or LockfileVersion, with the line. */
export function parseLockfile({ path, text }: TextFile): PnpmLockfile {
  rejectConflicts(path, text);
  const { environment, main } = splitDocuments(path, text);
  const sections = splitBlocks(text, main, text.length, 0);
  const isPrinted = looksPrinted(text.slice(main)) && new Set(sections.map(({ key }) => key)).size === sections.length;
  const raw = isPrinted ? readSmallSections(path, text, sections) : loadDocument(path, text, main);
  const lockfileVersion = String(raw.lockfileVersion ?? '');
  const layout = LAYOUTS[lockfileVersion];
  if (!layout) throw unknownVersion(path, text, main, lockfileVersion);
  const large = <Value>(name: string, as?: (loaded: unknown) => Value): Entries<Value> =>
    entriesOfSection({ path, text }, sectionNamed(sections, name), as);
  const importerOf = layout === '5.4' ? withInlineSpecifiers : (loaded: unknown) => loaded as LockedImporter;
  const hasSnapshots = layout === '9.0';
  const flat = !hasSnapshots && !sections.some(({ key }) => key === 'importers');
  const packages = large<LockedPackage>('packages');
  const snapshots = hasSnapshots ? large<LockedPackage>('snapshots') : packages;
  const entries = sectionNamed(sections, hasSnapshots ? 'snapshots' : 'packages');
  return {
    path,
    text,
    main,
    sections,
    layout,
    flat,
    document: { ...raw, lockfileVersion, importers: flat ? onlyImporter(raw, importerOf) : large('importers', importerOf), packages, snapshots },
    linksFromPackages: entries !== undefined && text.indexOf(': link:', entries.start) > 0,
    lockedPnpm: lockedPnpm(environment),
    environmentPackages: Object.keys(environment?.packages ?? {}),
  };
}

function readSmallSections(path: string, text: string, sections: readonly Block[]): Record<string, unknown> {
  const small = sections.filter(({ key }) => !LARGE.has(key)).map(({ keyAt, end }) => loadDocument(path, text, keyAt, end));
  if (sections.length === 0) throw syntaxError(path, 1, 'no mapping');
  return Object.assign({}, ...small) as Record<string, unknown>;
}

function entriesOfSection<Value>(file: TextFile, section: Block | undefined, as = (loaded: unknown) => loaded as Value): Entries<Value> {
  if (section === undefined) return new Entries<Value>([], () => undefined as Value);
  const { path, text } = file;
  const body = bodyOf(text, section);
  const blocks = splitBlocks(text, body, section.end, 2);
  const isBlockStyle = /:(?: \{\})?\s*$/.test(text.slice(section.keyAt, body)) && (blocks.length > 0 || text.slice(body, section.end).trim() === '');
  if (!isBlockStyle) throw foreignLayout(file, section);
  const twice = repeated(blocks);
  if (twice) throw duplicateEntry(file, twice);
  return new Entries<Value>(blocks, (block) => {
    const loaded = loadDocument(path, text, block.keyAt, block.end);
    if (!Object.hasOwn(loaded, block.key) || Object.keys(loaded).length > 1) throw foreignLayout(file, block);
    return as(loaded[block.key]);
  });
}

/** The second of two blocks with one key; in a healthy lockfile there is none, which the number of keys tells. */
function repeated(blocks: readonly Block[]): Block | undefined {
  const keys = new Set(blocks.map(({ key }) => key));
  return keys.size === blocks.length ? undefined : blocks.find(({ key }) => !keys.delete(key));
}

function duplicateEntry({ path, text }: TextFile, { key, keyAt }: Block): StowageError {
  return new StowageError(ErrorCode.LockfileSyntax, `${path} has ${key} twice`, {
    where: { file: path, line: lineOf(text, keyAt), key },
    hint: 'Take it from the last good commit, or run `pnpm install --lockfile-only` to write it anew.',
  });
}

/** The one importer of a flat lockfile, whose maps are root keys. */
function onlyImporter(raw: Record<string, unknown>, as: (loaded: unknown) => LockedImporter): Entries<LockedImporter> {
  const maps = Object.fromEntries(IMPORTER_MAPS.flatMap((map) => (raw[map] ? [[map, raw[map]]] : [])));
  return new Entries([{ key: '.', start: 0, keyAt: 0, end: 0 }], () => as(maps));
}

type ApartImporter = { readonly specifiers?: Readonly<Record<string, string>> } & {
  readonly [section in Section]?: Readonly<Record<string, string>>;
};

/** An importer of a 5.4 lockfile, which writes specifiers apart, as later ones write it. */
function withInlineSpecifiers(loaded: unknown): LockedImporter {
  const { specifiers = {}, ...maps } = loaded as ApartImporter;
  const sections = SECTIONS.flatMap((section) => {
    const locked = Object.entries(maps[section] ?? {});
    return locked.length === 0
      ? []
      : [[section, Object.fromEntries(locked.map(([name, version]) => [name, { specifier: ownValue(specifiers, name) ?? '', version }]))]];
  });
  return { specifiers, ...Object.fromEntries(sections) };
}

/**
 * The entries of a root key (or of a mapping below it), each with its text.
 * @throws StowageError LockfileSyntax where the text is not laid out as pnpm prints it: choosing lines would then lose something.
 */
export function entriesOf(lockfile: PnpmLockfile, block: Block, loaded: object | undefined, indent: number): Block[] {
  const entries = splitBlocks(lockfile.text, bodyOf(lockfile.text, block), block.end, indent);
  const known = loaded ?? {};
  const stranger = entries.find((entry) => !Object.hasOwn(known, entry.key));
  if (stranger || entries.length !== Object.keys(known).length) throw foreignLayout(lockfile, stranger ?? block);
  return entries;
}

export function sectionOf(lockfile: PnpmLockfile, key: string): Block | undefined {
  return sectionNamed(lockfile.sections, key);
}

function sectionNamed(sections: readonly Block[], key: string): Block | undefined {
  return sections.find((section) => section.key === key);
}

function foreignLayout({ path, text }: TextFile, block: Block): StowageError {
  return new StowageError(ErrorCode.LockfileSyntax, `${path} is not laid out as pnpm prints it: ${block.key}`, {
    where: { file: path, line: lineOf(text, block.keyAt), key: block.key },
    hint: 'Keep other formatters away from it (.prettierignore), run `pnpm install --lockfile-only` and commit the result.',
  });
}

function rejectConflicts(path: string, text: string): void {
  const at = /^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?\r?$/m.exec(text.includes('<<<<<<<') || text.includes('>>>>>>>') ? text : '')?.index;
  if (at === undefined) return;
  throw new StowageError(ErrorCode.LockfileConflict, `${path} holds the markers of a merge conflict`, {
    where: { file: path, line: lineOf(text, at) },
    hint: 'Run `pnpm install`, which resolves the conflict, and commit the result.',
  });
}

/** As pnpm 11 and later read it: a file that starts with `---` holds a document about pnpm itself, then the lockfile proper. */
function splitDocuments(path: string, text: string): { environment: Record<string, unknown> | undefined; main: number } {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  if (!/^---\r?\n/.test(text.slice(start, start + 5))) return { environment: undefined, main: start };
  const separator = /\r?\n---\r?\n/g;
  separator.lastIndex = start + 3;
  const found = separator.exec(text);
  if (!found) {
    throw new StowageError(ErrorCode.LockfileSyntax, `${path} holds the document about pnpm itself and no lockfile`, {
      where: { file: path, line: 1 },
      hint: 'Run `pnpm install --lockfile-only` and commit the result.',
    });
  }
  return { environment: loadDocument(path, text, start, found.index), main: found.index + found[0].length };
}

function loadDocument(path: string, text: string, from: number, to = text.length): Record<string, unknown> {
  const document = text.slice(from, to);
  let loaded: unknown;
  try {
    loaded = readPlainYaml(document) ?? load(document, { schema: FAILSAFE_SCHEMA });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    throw syntaxError(path, lineOf(text, from) + (cause.mark?.line ?? 0), cause.reason ?? cause.message, cause);
  }
  if (typeof loaded !== 'object' || loaded === null || Array.isArray(loaded)) throw syntaxError(path, lineOf(text, from), 'no mapping');
  return loaded as Record<string, unknown>;
}

function syntaxError(path: string, line: number, reason: string, cause?: unknown): StowageError {
  return new StowageError(ErrorCode.LockfileSyntax, `${path} is no pnpm lockfile: ${reason}`, {
    where: { file: path, line },
    hint: 'Take it from the last good commit, or run `pnpm install --lockfile-only` to write it anew.',
    cause,
  });
}

function unknownVersion(path: string, text: string, main: number, version: string): StowageError {
  const number = Number.parseFloat(version);
  const hint =
    number > 9
      ? 'A newer pnpm wrote it: update Stowage, or delete it and run `npx pnpm@12.21.0 install --lockfile-only`.'
      : 'Run `pnpm install --lockfile-only` with pnpm 9 or later and commit the result; it is a lockfile of pnpm 6 or older, or damaged.';
  return new StowageError(ErrorCode.LockfileVersion, `${path} has lockfileVersion ${version || '(none)'}; known are 5.4, 6.0 and 9.0`, {
    where: { file: path, line: lineOf(text, Math.max(main, text.indexOf('lockfileVersion', main))), key: 'lockfileVersion' },
    hint,
  });
}

function lockedPnpm(environment: Record<string, unknown> | undefined): string | undefined {
  const importers = environment?.importers as Record<string, Record<string, Record<string, LockedDependency>>> | undefined;
  return importers?.['.']?.packageManagerDependencies?.pnpm?.version;
}
