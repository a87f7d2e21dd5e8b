import { type Document, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Diagnostic, Files } from '../../model.ts';
import { byCodeUnit } from '../../order.ts';
import { recordOf } from '../../text.ts';
import { hasUserWrittenOut, isWrittenOut, literalCredential } from '../literal-credential.ts';

export const settingsFile = '.yarnrc.yml';

/** What `.yarnrc.yml` says, every scalar a text; empty where there is no such file. */
export interface BerrySettings {
  readonly nodeLinker: string;
  /** Catalogs by name; the default one under ``. */
  readonly catalogs: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** In the order of the file: `name@range` and the dependencies added to such packages. */
  readonly packageExtensions: readonly (readonly [selector: string, dependencies: Readonly<Record<string, string>>])[];
  readonly yarnPath: string | undefined;
  /** Paths of plugins. */
  readonly plugins: readonly string[];
  /** Folder of the archives, relative to the root. */
  readonly cacheFolder: string;
  readonly pnpEnableEsmLoader: string | undefined;
  readonly enableConstraintsChecks: boolean;
}

/** @throws StowageError InvalidSettings with the line */
export function parseSettings(text: string): BerrySettings {
  const raw = recordOf(readDocument(text).document.toJS());
  return {
    nodeLinker: textOf(raw.nodeLinker) ?? 'pnp',
    catalogs: new Map([
      ['', textsOf(raw.catalog)],
      ...Object.entries(recordOf(raw.catalogs)).map(([name, catalog]) => [name, textsOf(catalog)] as const),
    ]),
    packageExtensions: Object.entries(recordOf(raw.packageExtensions)).map(([selector, added]) => [selector, textsOf(recordOf(added).dependencies)]),
    yarnPath: pathOf(raw.yarnPath),
    plugins: (Array.isArray(raw.plugins) ? raw.plugins : []).flatMap(
      (plugin: unknown) => pathOf(typeof plugin === 'string' ? plugin : recordOf(plugin).path) ?? [],
    ),
    cacheFolder: pathOf(raw.cacheFolder) ?? '.yarn/cache',
    pnpEnableEsmLoader: textOf(raw.pnpEnableEsmLoader),
    enableConstraintsChecks: raw.enableConstraintsChecks === 'true',
  };
}

export function readSettings(files: Files): BerrySettings {
  return parseSettings(files.read(settingsFile) ?? '');
}

/** Environment variables that the settings refer to (`${NPM_TOKEN}`), sorted. */
export function referencedVariables(text: string): string[] {
  return [...new Set([...text.matchAll(/(?<!\\)\$\{(\w+)(?::?-[^}]*)?\}/g)].map(([, name]) => name as string))].sort(byCodeUnit);
}

/**
 * The settings as they may lie in an image: without comments and without credentials that are written out in them (a reference to the
 * environment stays), and without the keys of `unwanted`. The rest keeps its order and its quotes.
 */
export function maskSettings(text: string, unwanted: readonly string[]): { readonly text: string; readonly diagnostics: readonly Diagnostic[] } {
  const { document, lines } = readDocument(text);
  const diagnostics: Diagnostic[] = [];
  visit(document, {
    Node(_, node) {
      node.comment = null;
      node.commentBefore = null;
      node.spaceBefore = false;
    },
    Pair(_, { key, value }, path) {
      const name = isScalar(key) ? String(key.value) : '';
      if (path.length === 2 && unwanted.includes(name)) return visit.REMOVE;
      if (!isScalar(value) || !isLiteralCredential(name, String(value.value))) return undefined;
      const line = isScalar(key) && key.range ? lines.linePos(key.range[0]).line : undefined;
      // biome-ignore lint/suspicious/noTemplateCurlyInString: yarn's own syntax for an environment variable
      diagnostics.push(literalCredential(settingsFile, line, name, `${name}: ${'"${NPM_TOKEN}"'}`));
      return visit.REMOVE;
    },
  });
  document.comment = null;
  document.commentBefore = null;
  const empty = document.contents === null || (isMap(document.contents) && document.contents.items.length === 0);
  return { text: empty ? '' : document.toString({ lineWidth: 0 }), diagnostics };
}

function isLiteralCredential(name: string, value: string): boolean {
  return /^npmAuth(?:Token|Ident)$/.test(name) ? isWrittenOut(value) : hasUserWrittenOut(value);
}

function readDocument(text: string): { readonly document: Document; readonly lines: LineCounter } {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined || (document.contents !== null && !isMap(document.contents) && text.trim() !== '')) {
    throw new StowageError(
      ErrorCode.InvalidSettings,
      `${settingsFile} is not a YAML mapping${error === undefined ? '' : `: ${error.message.split('\n')[0]}`}`,
      {
        where: { file: settingsFile, line: error === undefined ? 1 : lines.linePos(error.pos[0]).line },
        hint: '`yarn config` shows what yarn reads of it.',
      },
    );
  }
  return { document, lines };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(recordOf(value)).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function pathOf(value: unknown): string | undefined {
  return textOf(value)?.replace(/^\.\//, '').replace(/\/$/, '');
}
