import type { OutsideImport } from '../../closure/imports/read-imports.ts';
import { isSource } from '../../closure/imports/scan-imports.ts';
import type { Diagnostic, FileEntry, Files, Importer, RootFile } from '../../model.ts';
import { sortedBy } from '../../order.ts';
import { filesUnder, fixedPart, isFolder, joinPath, moduleFile, ownership, parentOf, withinImporter } from '../../paths.ts';
import { isEnvFile } from '../env-files.ts';
import { includedFiles } from './included.ts';
import { type Named, namesInFile, type Reading } from './names-in-file.ts';
import { type StartingPoints, startingPoints } from './starting-points.ts';

export interface WantedRootFiles {
  readonly closure: readonly Importer[];
  /** What `importReader` found of all members. */
  readonly imports: readonly OutsideImport[];
  /** See `includedFiles` for the dialect. */
  readonly include: readonly string[];
  /** Settings of what runs the builds. */
  readonly tools: readonly string[];
}

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
 */
export function rootFileFinder(input: {
  readonly importers: readonly Importer[];
  /** The files of each importer. */
  readonly owned: ReadonlyMap<string, readonly FileEntry[]>;
  readonly files: Files;
}): (wanted: WantedRootFiles) => RootFiles {
  const surroundings = surroundingsOf(input.importers, input.owned, input.files);
  return ({ closure, imports, include, tools }) => {
    const walk = new Walk(closure, surroundings);
    for (const importer of sortedBy(closure, ({ id }) => id)) walk.startFrom(importer);
    for (const { path, by } of imports) walk.reach({ path, because: `${by} imports it`, as: 'import', reading: 'program' }, undefined);
    const included = includedFiles(include, input.files.list);
    for (const path of tools) walk.take(path, 'the builds run with it');
    for (const path of included.paths) walk.take(path, 'the config includes it');
    return {
      files: sortedBy(
        [...walk.taken].map(([path, because]) => ({ path, because })),
        ({ path }) => path,
      ),
      diagnostics: [...sortedBy(walk.diagnostics, ({ message }) => message), ...included.diagnostics],
    };
  };
}

/** What the walks of all apps look at, and what they read of it, each file and each package once. */
interface Surroundings {
  readonly files: Files;
  /** Folders that are packages or hold some. */
  readonly withPackages: ReadonlySet<string>;
  readonly ownerOf: (path: string) => string;
  readonly startOf: (importer: Importer) => StartingPoints;
  readonly namesIn: (path: string, reading: Reading, cwd: string | undefined) => readonly Named[];
}

function surroundingsOf(importers: readonly Importer[], owned: ReadonlyMap<string, readonly FileEntry[]>, files: Files): Surroundings {
  const context = { files, importersByName: new Map(importers.map((importer) => [importer.name, importer])) };
  const starts = new Map<string, StartingPoints>();
  const names = new Map<string, readonly Named[]>();
  return {
    files,
    withPackages: withPackages(importers),
    ownerOf: ownership(importers),
    startOf(importer) {
      const start = starts.get(importer.id) ?? startingPoints(importer, owned.get(importer.id) ?? [], files);
      starts.set(importer.id, start);
      return start;
    },
    namesIn(path, reading, cwd) {
      const key = `${reading}:${cwd ?? ''}:${path}`;
      const found = names.get(key) ?? namesInFile(path, reading, cwd, context);
      names.set(key, found);
      return found;
    },
  };
}

function withPackages(importers: readonly Importer[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { id } of importers) for (let folder = id; folder !== '.' && !folders.has(folder); folder = parentOf(folder)) folders.add(folder);
  return folders;
}

class Walk {
  readonly taken = new Map<string, string>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #read = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #closure: ReadonlySet<string>;
  readonly #around: Surroundings;

  constructor(closure: readonly Importer[], around: Surroundings) {
    this.#closure = new Set(closure.map(({ id }) => id));
    this.#around = around;
  }

  startFrom(importer: Importer): void {
    const { own, tsconfigs, above, ignoreFiles, targets, named } = this.#around.startOf(importer);
    for (const { path, link } of own) {
      if (link) this.#followLink(path);
      else this.read(path, 'program', importer.id);
    }
    for (const path of tsconfigs) {
      const shared = parentOf(path) !== importer.id;
      if (shared) this.take(path, `TypeScript finds it from ${importer.id} upward`);
      this.read(path, shared ? 'base' : 'project', importer.id);
    }
    for (const path of above) {
      this.take(path, `tools find it from ${importer.id} upward`);
      this.read(path, 'program', undefined);
    }
    for (const path of ignoreFiles) this.take(path, `tools that search ${importer.id} leave out what it names`);
    for (const one of targets) this.reach(one, undefined);
    for (const one of named) this.reach(one, importer.id);
  }

  /** Takes what a path leads to, and reads it for more. `cwd` is where the tool that names it runs. */
  reach({ path: target, as, because, reading }: Named, cwd: string | undefined): void {
    const { files } = this.#around;
    const path = fixedPart(target);
    if (as === 'environment') this.#takeEnvironment(path, because);
    else if (isFolder(files, path) && (as !== 'import' || moduleFile(files, path) === undefined)) this.#takeFolder(path, as, because);
    else this.#reachFile(moduleFile(files, path), { as, because, reading }, cwd);
  }

  #reachFile(file: string | undefined, { as, because, reading }: Omit<Named, 'path'>, cwd: string | undefined): void {
    if (file === undefined) return;
    const owner = this.#around.ownerOf(file);
    const member = this.#closure.has(owner);
    // Where a string or a mapping leads to another package's source, imports decide whether it is needed.
    if (as !== 'import' && as !== 'target' && owner !== '.' && (member || as === 'mapping' || isSource(file))) return;
    // A member's sources are read elsewhere; here what its build is configured with.
    if (member && withinImporter(file, owner).startsWith('src/')) return;
    this.take(file, because);
    this.read(file, reading, cwd);
  }

  read(path: string, reading: Reading, cwd: string | undefined): void {
    const owner = this.#around.ownerOf(path);
    // The strings of another package's program are about that package.
    const narrowed = reading === 'program' && owner !== '.' && !this.#closure.has(owner) ? 'module' : reading;
    const key = `${narrowed}:${path}`;
    if (this.#read.has(key)) return;
    this.#read.add(key);
    for (const named of this.#around.namesIn(path, narrowed, cwd)) this.reach(named, cwd);
  }

  take(path: string, because: string): void {
    const entry = this.#around.files.get(path);
    if (entry === undefined || this.taken.has(path) || this.#closure.has(this.#around.ownerOf(path)) || MADE_FOR_CONTEXT.test(path)) return;
    if (isEnvFile(path) && (entry.tracked === false || path.endsWith('.local'))) return;
    this.taken.set(path, because);
    if (entry.mode === '120000') this.#followLink(path);
  }

  #followLink(path: string): void {
    const { files } = this.#around;
    const bytes = files.readBytes(path);
    const target = bytes === undefined ? undefined : joinPath(parentOf(path), new TextDecoder().decode(bytes));
    if (target === undefined) return;
    if (files.get(target) !== undefined) this.take(target, `${path} links to it`);
    else if (isFolder(files, target)) this.#takeFolder(target, 'link', `${path} links to it`);
  }

  #takeEnvironment(folder: string, because: string): void {
    for (const { path } of filesUnder(this.#around.files, folder)) {
      if (parentOf(path) === folder && isEnvFile(path)) this.take(path, because);
    }
  }

  #takeFolder(folder: string, as: Named['as'] | 'link', because: string): void {
    const owner = this.#around.ownerOf(folder);
    if (folder === '.' || this.#around.withPackages.has(folder) || this.#closure.has(owner) || this.#folders.has(folder)) return;
    if (as === 'mapping' && owner !== '.') return;
    this.#folders.add(folder);
    const entries = filesUnder(this.#around.files, folder);
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
