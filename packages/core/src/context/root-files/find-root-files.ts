import { posix } from 'node:path';
import { isBuildConfig } from '../../closure/imports/file-role.ts';
import type { OutsideImport } from '../../closure/imports/read-imports.ts';
import { isSource } from '../../closure/imports/scan-imports.ts';
import { tsconfigsOf } from '../../closure/imports/tsconfig.ts';
import type { Diagnostic, FileEntry, Files, Importer, RootFile } from '../../model.ts';
import { buildPaths } from '../../nx/build-paths.ts';
import { sortedBy } from '../../order.ts';
import {
  filesByImporter,
  filesUnder,
  fixedPart,
  isFolder,
  isInside,
  joinPath,
  moduleFile,
  ownership,
  parentOf,
  withinImporter,
} from '../../paths.ts';
import { includedFiles } from './included.ts';
import { filesAbove, ignoreFilesAbove } from './lookups.ts';
import { type Named, namesInCommand, namesInFile, type Reading } from './names-in-file.ts';
import { buildScripts } from './script-paths.ts';

export interface RootFiles {
  /** Sorted by path. */
  readonly files: readonly RootFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A folder with more files than this is hardly there for one app. */
const MOST_FILES_OF_FOLDER = 1000;

/** The install's own files: a context has them made to its measure. */
const MADE_FOR_CONTEXT =
  /^(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lockb?|\.npmrc|\.yarnrc|\.yarnrc\.yml|bunfig\.toml|\.pnpmfile\.cjs)$/;

/**
 * The files outside every folder of the closure that its builds read: what tsconfigs extend, reference, map and include; what configurations of
 * build tools and the scripts of manifests import or name by a relative path; .env files of an `envDir`; what tools find by looking upward, ignore files among it;
 * what the options of Nx's targets name; the targets of links; what the sources import; and what the globs of the config include. Files so found are read for more in their turn.
 * A file of a package outside the closure is taken only where it is named itself; a folder, where it belongs to no package at all.
 * Tests and tools that only check (ESLint, Jest, Vitest, ...) are not followed. .env files are taken if tracked, `*.local` never.
 * @param input.imports what `importReader` found of all members
 * @param input.include see `includedFiles` for the dialect
 */
export function findRootFiles(input: {
  readonly closure: readonly Importer[];
  readonly importers: readonly Importer[];
  readonly files: Files;
  readonly imports: readonly OutsideImport[];
  readonly include: readonly string[];
  /** Settings of what runs the builds. */
  readonly tools: readonly string[];
}): RootFiles {
  const { closure, importers, files } = input;
  const walk = new Walk(closure, importers, files);
  const owned = filesByImporter(files, importers);
  for (const importer of sortedBy(closure, ({ id }) => id)) walk.startFrom(importer, owned.get(importer.id) ?? []);
  for (const { path, by } of input.imports) walk.reach({ path, because: `${by} imports it`, as: 'import', reading: 'program' }, undefined);
  const included = includedFiles(input.include, files.list);
  for (const path of input.tools) walk.take(path, 'the builds run with it');
  for (const path of included.paths) walk.take(path, 'the config includes it');
  return {
    files: sortedBy(
      [...walk.taken].map(([path, because]) => ({ path, because })),
      ({ path }) => path,
    ),
    diagnostics: [...sortedBy(walk.diagnostics, ({ message }) => message), ...included.diagnostics],
  };
}

class Walk {
  readonly taken = new Map<string, string>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #read = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #closure: ReadonlySet<string>;
  readonly #importers: readonly Importer[];
  readonly #ownerOf: (path: string) => string;
  readonly #context: { readonly files: Files; readonly importersByName: ReadonlyMap<string, Importer> };

  constructor(closure: readonly Importer[], importers: readonly Importer[], files: Files) {
    this.#closure = new Set(closure.map(({ id }) => id));
    this.#importers = importers;
    this.#ownerOf = ownership(importers);
    this.#context = { files, importersByName: new Map(importers.map((importer) => [importer.name, importer])) };
  }

  startFrom(importer: Importer, own: readonly FileEntry[]): void {
    const { files } = this.#context;
    for (const { path, mode } of own) {
      if (mode === '120000') this.#followLink(path);
      else if (parentOf(path) === importer.id && isBuildConfig(withinImporter(path, importer.id))) this.read(path, 'program', importer.id);
    }
    for (const path of tsconfigsOf(importer, files, own)) {
      const above = parentOf(path) !== importer.id;
      if (above) this.take(path, `TypeScript finds it from ${importer.id} upward`);
      this.read(path, above ? 'base' : 'project', importer.id);
    }
    for (const path of filesAbove(importer, files)) {
      this.take(path, `tools find it from ${importer.id} upward`);
      this.read(path, 'program', undefined);
    }
    for (const path of ignoreFilesAbove(importer, files)) this.take(path, `tools that search ${importer.id} leave out what it names`);
    const because = `the build of ${importer.name} names it`;
    for (const path of buildPaths(importer, files)) this.reach({ path, because, as: 'target', reading: 'module' }, undefined);
    // A manifest comes as it was parsed: a script may be no string.
    const scripts = Object.fromEntries(Object.entries(importer.manifest.scripts ?? {}).filter(([, command]) => typeof command === 'string'));
    for (const name of buildScripts(scripts)) {
      const because = `script "${name}" of ${importer.name} names it`;
      for (const named of namesInCommand(scripts[name] ?? '', importer.id, because)) this.reach(named, importer.id);
    }
  }

  /** Takes what a path leads to, and reads it for more. `cwd` is where the tool that names it runs. */
  reach({ path: target, as, because, reading }: Named, cwd: string | undefined): void {
    const { files } = this.#context;
    const path = fixedPart(target);
    if (as === 'environment') this.#takeEnvironment(path, because);
    else if (isFolder(files, path) && (as !== 'import' || moduleFile(files, path) === undefined)) this.#takeFolder(path, as, because);
    else this.#reachFile(moduleFile(files, path), { as, because, reading }, cwd);
  }

  #reachFile(file: string | undefined, { as, because, reading }: Omit<Named, 'path'>, cwd: string | undefined): void {
    if (file === undefined) return;
    const owner = this.#ownerOf(file);
    const member = this.#closure.has(owner);
    // Where a string or a mapping leads to another package's source, imports decide whether it is needed.
    if (as !== 'import' && as !== 'target' && owner !== '.' && (member || as === 'mapping' || isSource(file))) return;
    // A member's sources are read elsewhere; here what its build is configured with.
    if (member && withinImporter(file, owner).startsWith('src/')) return;
    this.take(file, because);
    this.read(file, reading, cwd);
  }

  read(path: string, reading: Reading, cwd: string | undefined): void {
    const owner = this.#ownerOf(path);
    // The strings of another package's program are about that package.
    const narrowed = reading === 'program' && owner !== '.' && !this.#closure.has(owner) ? 'module' : reading;
    const key = `${narrowed}:${path}`;
    if (this.#read.has(key)) return;
    this.#read.add(key);
    for (const named of namesInFile(path, narrowed, cwd, this.#context)) this.reach(named, cwd);
  }

  take(path: string, because: string): void {
    const entry = this.#context.files.get(path);
    if (entry === undefined || this.taken.has(path) || this.#closure.has(this.#ownerOf(path)) || MADE_FOR_CONTEXT.test(path)) return;
    if (posix.basename(path).startsWith('.env') && !(entry.tracked && isEnvironment(path))) return;
    this.taken.set(path, because);
    if (entry.mode === '120000') this.#followLink(path);
  }

  #followLink(path: string): void {
    const { files } = this.#context;
    const bytes = files.readBytes(path);
    const target = bytes === undefined ? undefined : joinPath(parentOf(path), new TextDecoder().decode(bytes));
    if (target === undefined) return;
    if (files.get(target) !== undefined) this.take(target, `${path} links to it`);
    else if (isFolder(files, target)) this.#takeFolder(target, 'link', `${path} links to it`);
  }

  #takeEnvironment(folder: string, because: string): void {
    for (const { path } of filesUnder(this.#context.files, folder)) {
      if (parentOf(path) === folder && isEnvironment(path)) this.take(path, because);
    }
  }

  #takeFolder(folder: string, as: Named['as'] | 'link', because: string): void {
    const owner = this.#ownerOf(folder);
    const holdsPackages = this.#importers.some(({ id }) => id !== '.' && isInside(id, folder));
    if (folder === '.' || holdsPackages || this.#closure.has(owner) || this.#folders.has(folder)) return;
    if (as === 'mapping' && owner !== '.') return;
    this.#folders.add(folder);
    const entries = filesUnder(this.#context.files, folder);
    if (owner !== '.' && as !== 'link' && as !== 'target') this.diagnostics.push(folderOfOther(folder, because, owner));
    else if (entries.length > MOST_FILES_OF_FOLDER) this.diagnostics.push(largeFolder(folder, because, entries.length));
    else {
      for (const { path } of entries) {
        this.take(path, because);
        this.read(path, 'module', undefined);
      }
    }
  }
}

/** `.env` and `.env.<mode>`, but not what is kept off git or only shows the form. */
function isEnvironment(path: string): boolean {
  return /^\.env(?:\.[\w-]+)?$/.test(posix.basename(path)) && !/\.(?:local|example|sample|template|dist)$/.test(path);
}

function largeFolder(folder: string, because: string, count: number): Diagnostic {
  return {
    level: 'warning',
    code: 'large-root-folder',
    message: `${folder} has ${count} files and was left out, though ${because}.`,
    hint: `If the build reads it, add "${folder}" or a part of it to "include".`,
  };
}

function folderOfOther(folder: string, because: string, owner: string): Diagnostic {
  return {
    level: 'info',
    code: 'folder-of-other-package',
    message: `${folder} belongs to ${owner}, which is not in the closure, and was left out, though ${because}.`,
    hint: `If the build reads it, add "${folder}" to "include".`,
  };
}
