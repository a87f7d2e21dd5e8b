import semver from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Importer, Manifest } from '../../model.ts';
import { manifestPath } from '../../paths.ts';
import { type ClassicEntry, type ClassicLockfile, nameOf, rangeOf } from './lockfile.ts';
import { isInstalledWorkspace, type LocalWorkspaces, localFolder, localWorkspaces, type Resolution, requestsOf, resolutionsOf } from './requests.ts';

/** What an install asks of the lockfile. */
export interface Reached {
  /** Kept entries and the patterns by which they are reached. */
  readonly patterns: ReadonlyMap<ClassicEntry, ReadonlySet<string>>;
  /** Entry -> who depends on it: importer ids and `name@version`. */
  readonly neededBy: ReadonlyMap<ClassicEntry, ReadonlySet<string>>;
  /** Workspaces that are linked, and who depends on them. */
  readonly workspaces: ReadonlyMap<Importer, string>;
  /** Every pattern asked for, those of workspaces too. */
  readonly asked: ReadonlySet<string>;
  /** Keys of the root's `resolutions` for dependencies of workspaces that are not here, which decide nothing. */
  readonly idle: ReadonlySet<string>;
}

/** Where a request leads. */
export type Target = { readonly workspace: Importer } | { readonly entry: ClassicEntry; readonly pattern: string };

/** Leads requests to workspaces and entries, as the lockfile has it. */
export class ClassicGraph {
  readonly lockfile: ClassicLockfile;
  readonly #local: LocalWorkspaces;
  readonly #resolutions: readonly Resolution[];
  readonly #patterns = new Map<string, string[]>();
  readonly #workspace: readonly Importer[];

  constructor(lockfile: ClassicLockfile, workspace: readonly Importer[]) {
    this.lockfile = lockfile;
    this.#local = localWorkspaces(workspace);
    this.#workspace = workspace;
    this.#resolutions = resolutionsOf(workspace.find(({ id }) => id === '.')?.manifest ?? {});
    for (const { name, pattern } of this.#resolutions) this.#patterns.set(name, [...(this.#patterns.get(name) ?? []), pattern]);
  }

  /**
   * Yarn writes every pattern into the file, also those that a resolution diverts; old releases only wrote
   * the resolution's own pattern, so that is looked for too.
   */
  target(pattern: string): Target | undefined {
    const workspace = this.#local(pattern);
    if (workspace !== undefined) return { workspace };
    for (const candidate of [pattern, ...(this.#patterns.get(nameOf(pattern)) ?? [])]) {
      const entry = this.lockfile.byPattern.get(candidate);
      if (entry !== undefined) return { entry, pattern: candidate };
    }
    return undefined;
  }

  /** As `target`; in the root yarn also knows entries by the bare name that `yarn add` of old wrote. */
  importerTarget(importer: Importer, name: string, pattern: string): Target | undefined {
    const entry = importer.id === '.' ? this.lockfile.byPattern.get(name) : undefined;
    return entry === undefined ? this.target(pattern) : { entry, pattern: name };
  }

  /**
   * Everything that the importers and the resolutions of the root manifest lead to. `linkedManifest` reads a folder's manifest.
   * @throws StowageError LockfileOutdated, LockfileInconsistent: `--frozen-lockfile` looks at the root's own
   * patterns only and silently resolves the rest live, so each pattern is checked here.
   */
  reach(importers: readonly Importer[], linkedManifest: (folder: string) => Manifest | undefined): Reached {
    const patterns = new Map<ClassicEntry, Set<string>>();
    const neededBy = new Map<ClassicEntry, Set<string>>();
    const workspaces = new Map<Importer, string>();
    const asked = new Set<string>();
    const todo: ClassicEntry[] = [];
    const visit = (asking: string, target: Target, by: string) => {
      asked.add(asking);
      if ('workspace' in target) return void workspaces.set(target.workspace, by);
      const { entry, pattern } = target;
      if (!patterns.has(entry)) todo.push(entry);
      patterns.set(entry, (patterns.get(entry) ?? new Set()).add(pattern));
      neededBy.set(entry, (neededBy.get(entry) ?? new Set()).add(by));
    };
    const follow = ({ pattern }: Resolution) =>
      visit(pattern, this.target(pattern) ?? fail(this.lockfile, pattern, 'a resolution in package.json'), '.');
    const outside = namesOf(this.#workspace.filter(({ id }) => !importers.some((importer) => importer.id === id)));
    const idle = new Set(this.#resolutions.filter(({ parents }) => parents.some((parent) => outside.has(parent))));
    for (const resolution of this.#resolutions) if (!idle.has(resolution)) follow(resolution);
    for (const importer of importers) {
      if (importer.id !== '.' && !isInstalledWorkspace(importer)) continue;
      for (const [name, pattern] of requestsOf(importer)) {
        visit(pattern, this.importerTarget(importer, name, pattern) ?? failImporter(this.lockfile, importer, name), importer.id);
      }
    }
    for (let entry = todo.pop(); entry !== undefined; entry = todo.pop()) {
      const by = `${packageName(entry)}@${entry.version}`;
      for (const pattern of [...entry.dependencies, ...linkedRequests(entry, linkedManifest)]) {
        visit(pattern, this.target(pattern) ?? fail(this.lockfile, pattern, by, entry.line), by);
      }
      if (todo.length > 0 || idle.size === 0) continue;
      const found = new Set([...patterns.keys()].map(packageName));
      for (const resolution of idle) {
        if (resolution.parents.every((parent) => !outside.has(parent) || found.has(parent)) && idle.delete(resolution)) follow(resolution);
      }
    }
    const hasAddresses = this.lockfile.entries.some(({ resolved }) => resolved !== undefined);
    for (const [entry, used] of patterns) {
      this.#assertVersion(entry, used);
      if (hasAddresses) this.#assertFetched(entry);
    }
    return { patterns, neededBy, workspaces, asked, idle: new Set([...idle].map(({ key }) => key)) };
  }

  /** Yarn resolves a package of the registry live where no address is locked, and installs whatever it gets where no hash is. */
  #assertFetched({ patterns, resolved, integrity, line }: ClassicEntry): void {
    const key = patterns[0] as string;
    const isOfRegistry = patterns.every((pattern) => semver.validRange(rangeOf(pattern)) !== null);
    if (!isOfRegistry || (resolved !== undefined && (integrity !== undefined || resolved.includes('#')))) return;
    const { path } = this.lockfile;
    throw new StowageError(ErrorCode.LockfileInconsistent, `${path} has ${resolved === undefined ? 'no address' : 'no hash'} for ${key}.`, {
      where: { file: path, line, key },
      hint: 'Delete the entry, run `yarn install` and commit yarn.lock.',
    });
  }

  /** Yarn drops an entry whose version does not satisfy the range (src/package-resolver.js) and asks the registry instead. */
  #assertVersion(entry: ClassicEntry, used: ReadonlySet<string>): void {
    for (const pattern of used) {
      const range = rangeOf(pattern);
      if (!pattern.slice(1).includes('@') || this.#patterns.has(nameOf(pattern)) || semver.validRange(range) === null) continue;
      if (semver.valid(entry.version) === null || semver.satisfies(entry.version, range)) continue;
      throw new StowageError(
        ErrorCode.LockfileInconsistent,
        `${this.lockfile.path} locks ${pattern} to ${entry.version}, which is not in its range.`,
        {
          where: { file: this.lockfile.path, line: entry.line, key: pattern },
          hint: 'Run `yarn install` and commit yarn.lock.',
        },
      );
    }
  }
}

/** The lockfile says nothing of what a linked folder depends on; yarn asks the folder's own manifest. */
function linkedRequests(entry: ClassicEntry, linkedManifest: (folder: string) => Manifest | undefined): Iterable<string> {
  const folder = entry.patterns.filter((pattern) => pattern.includes('@link:')).map(localFolder)[0];
  const manifest = folder === undefined ? undefined : linkedManifest(folder);
  if (folder === undefined || manifest === undefined) return [];
  const { devDependencies: _never, ...installed } = manifest;
  return requestsOf({ id: folder, name: folder, manifest: installed }).values();
}

function namesOf(importers: readonly Importer[]): ReadonlySet<string> {
  return new Set(importers.map(({ name }) => name));
}

export function packageName(entry: ClassicEntry): string {
  return entry.name ?? nameOf(entry.patterns[0] as string);
}

export function failImporter(lockfile: ClassicLockfile, importer: Importer, name: string): never {
  const pattern = requestsOf(importer).get(name);
  throw new StowageError(ErrorCode.LockfileOutdated, `${importer.name} depends on ${pattern}, which ${lockfile.path} does not have.`, {
    where: { file: manifestPath(importer.id), key: name },
    hint: 'Run `yarn install` and commit yarn.lock.',
  });
}

function fail(lockfile: ClassicLockfile, pattern: string, by: string, line?: number): never {
  throw new StowageError(ErrorCode.LockfileInconsistent, `${lockfile.path} has no entry for ${pattern}, which ${by} needs.`, {
    where: { file: lockfile.path, key: pattern, ...(line === undefined ? {} : { line }) },
    hint: 'Run `yarn install` and commit yarn.lock.',
  });
}
