import { type Document, isMap, isScalar, isSeq, parseDocument, visit, YAMLMap } from 'yaml';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Files } from '../../model.ts';
import type { CatalogUse } from './catalogs.ts';
import { isForeign, PACKAGE_LISTS } from './kept-names.ts';

export const SETTINGS_FILE = 'pnpm-workspace.yaml';

export interface WorkspaceSettings {
  readonly document: Document.Parsed | undefined;
  readonly values: Readonly<Record<string, unknown>>;
}

const known = new WeakMap<Files, WorkspaceSettings>();

/**
 * Parsed once, as every install of every app asks for it.
 * @throws StowageError InvalidSettings with the line.
 */
export function readWorkspaceSettings(files: Files): WorkspaceSettings {
  const settings = known.get(files) ?? parseWorkspaceSettings(files);
  known.set(files, settings);
  return settings;
}

function parseWorkspaceSettings(files: Files): WorkspaceSettings {
  const text = files.read(SETTINGS_FILE);
  if (text === undefined) return { document: undefined, values: {} };
  const document = parseDocument(text, { merge: true });
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    throw new StowageError(ErrorCode.InvalidSettings, `${SETTINGS_FILE} is no valid YAML: ${error.message.split('\n', 1)[0]}`, {
      where: { file: SETTINGS_FILE, ...(line === undefined ? {} : { line }) },
      hint: 'Mend the file; pnpm cannot read it either.',
      cause: error,
    });
  }
  const values = document.toJS() as unknown;
  return { document, values: typeof values === 'object' && values !== null && !Array.isArray(values) ? (values as Record<string, unknown>) : {} };
}

export interface SettingsChoice {
  readonly catalogs: CatalogUse;
  readonly patches: ReadonlySet<string>;
  /** Overrides as they shall be. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Names of what is installed. */
  readonly names: ReadonlySet<string>;
  /** Importer ids outside the install. */
  readonly dropped: ReadonlySet<string>;
}

/**
 * pnpm-workspace.yaml without what only others use, and without comments, so that neither changes the install.
 * Every setting that is not chosen from stays as it is.
 */
export function printWorkspaceSettings({ document }: WorkspaceSettings, choice: SettingsChoice): string {
  if (!document || !isMap(document.contents)) return '';
  const copy = document.clone() as Document.Parsed;
  keepKeys(copy, ['catalog'], (name) => choice.catalogs.get('default')?.has(name) === true);
  for (const catalog of keysAt(copy, ['catalogs'])) keepKeys(copy, ['catalogs', catalog], (name) => choice.catalogs.get(catalog)?.has(name) === true);
  keepKeys(copy, ['catalogs'], (catalog) => copy.hasIn(['catalogs', catalog]));
  keepKeys(copy, ['patchedDependencies'], (key) => choice.patches.has(key));
  keepKeys(copy, ['overrides'], (key) => Object.hasOwn(choice.overrides, key));
  for (const [key, value] of Object.entries(choice.overrides)) if (copy.getIn(['overrides', key]) !== value) copy.setIn(['overrides', key], value);
  for (const list of PACKAGE_LISTS) dropForeign(copy.get(list), choice.names);
  for (const setting of ['gitBranchLockfile', 'mergeGitBranchLockfilesBranchPattern']) copy.delete(setting);
  dropLiteralPaths(copy, choice.dropped);
  removeComments(copy);
  return copy.toString({ lineWidth: 0 });
}

/** Deletes the keys of a map that are not kept, and the map itself once it is empty. */
function keepKeys(document: Document, path: readonly string[], isKept: (key: string) => boolean): void {
  const keys = keysAt(document, path);
  for (const key of keys) if (!isKept(key)) document.deleteIn([...path, key]);
  const rest = document.getIn(path);
  if (keys.length > 0 && rest instanceof YAMLMap && rest.items.length === 0) document.deleteIn(path);
}

function keysAt(document: Document, path: readonly string[]): string[] {
  const map = document.getIn(path);
  return map instanceof YAMLMap ? map.items.map(({ key }) => String(isScalar(key) ? key.value : key)) : [];
}

/** A path without a wildcard that names a workspace outside the install would else come and go with that workspace. */
function dropLiteralPaths(document: Document, dropped: ReadonlySet<string>): void {
  const packages = document.get('packages');
  if (!isSeq(packages)) return;
  packages.items = packages.items.filter((item) => {
    const path = isScalar(item) ? String(item.value) : '';
    return !dropped.has(path.replace(/^\.\//, '').replace(/\/$/, ''));
  });
}

function dropForeign(list: unknown, names: ReadonlySet<string>): void {
  if (isSeq(list)) list.items = list.items.filter((item) => !isScalar(item) || !isForeign(String(item.value), names));
  if (isMap(list)) list.items = list.items.filter(({ key }) => !isForeign(String(isScalar(key) ? key.value : key), names));
}

function removeComments(document: Document): void {
  document.commentBefore = null;
  document.comment = null;
  visit(document, {
    Node(_, node) {
      node.comment = null;
      node.commentBefore = null;
      delete node.spaceBefore;
    },
  });
}
