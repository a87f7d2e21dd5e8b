import type { ClosureEdge, DependencyMap, FileEntry, Files, Importer, Manifest } from '../../model.ts';
import { byCodeUnit, sortedBy } from '../../order.ts';
import { filesByImporter, ownership, withinImporter } from '../../paths.ts';
import { tsconfigAliases } from './aliases.ts';
import { type FileRole, fileRole, isBuildConfig } from './file-role.ts';
import type { ImportUse } from './parse-imports.ts';
import { readingKeys } from './reading-keys.ts';
import { type ImportTarget, isUnexplained, type ResolveContext, resolveTarget } from './resolve-target.ts';
import { isSource } from './scan-imports.ts';
import { cachedSources, type ImportCache, type Sources } from './sources.ts';
import { isRelative, packageNameOf } from './specifier.ts';
import { tsconfigChain, tsconfigsOf } from './tsconfig.ts';

/** A file or folder that an importer's sources import: outside every package, or an asset (no source) of another one. */
export interface OutsideImport {
  readonly path: string;
  /** The file that imports it, and where. */
  readonly by: string;
  readonly line: number;
}

/** A package of a registry that a source loads and neither the importer nor the root declares. */
export interface UndeclaredImport {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** A file of its own that a source loads and the repository does not hold, in a package without a `build` script. */
export interface AbsentImport {
  readonly path: string;
  readonly file: string;
  readonly line: number;
}

/** What the sources of an importer reach that its manifest does not say. Each list is sorted, with one entry for each thing reached. */
export interface ImportReading {
  /** `import` where a source imports another workspace package, `config` where only what the build is configured with does. */
  readonly edges: readonly ClosureEdge[];
  /** In a workspace of Nx, packages of the workspace among the devDependencies that sources load: what bundles one leaves its dependencies outside. */
  readonly bundled: readonly ClosureEdge[];
  readonly outside: readonly OutsideImport[];
  readonly undeclared: readonly UndeclaredImport[];
  readonly absent: readonly AbsentImport[];
  /** Packages of the root's manifest that the sources of a project of Nx load and that it does not declare itself. */
  readonly packages: readonly string[];
  /** Variables that a front end's build writes into its output, sorted. */
  readonly publicEnv: readonly string[];
}

/**
 * Reads imports for one workspace. A scan of the text finds what files may import; only what leads out of an importer and its declared
 * dependencies is looked up in the syntax tree, and for each thing reached only until one import of it is sure. So ts-morph, slow to load,
 * is loaded where such an import is found, and not where the cache has the answers.
 *
 * A workspace package is reached by its name, by an alias (`paths` and `baseUrl` of tsconfigs, `alias` of bundlers), by a relative path, or by
 * the `extends` of a tsconfig. Tests and stories are not read.
 */
export function importReader(input: {
  readonly files: Files;
  readonly importers: readonly Importer[];
  readonly cache?: ImportCache;
}): (importer: Importer) => Promise<ImportReading> {
  const { files, importers, cache = new Map<string, unknown>() } = input;
  const workspace = {
    files,
    ownerOf: ownership(importers),
    importersByName: new Map(importers.flatMap((importer) => (importer.manifest.name === undefined ? [] : [[importer.manifest.name, importer]]))),
    declaredByRoot: declaredNames(importers.find(({ id }) => id === '.')?.manifest ?? {}),
  };
  const owned = filesByImporter(files, importers);
  const sources = cachedSources(files, cache);
  const keyOf = readingKeys(files, importers, owned);
  const read = async (importer: Importer): Promise<ImportReading> => {
    const own = owned.get(importer.id) ?? [];
    const tsconfigs = tsconfigsOf(importer, files, own);
    const context = { ...workspace, importer, ...declarations(importer, workspace), aliases: tsconfigAliases(tsconfigs, workspace) };
    const scanned = await scan(own, importer, sources);
    const found = [...(await confirmed(await candidatesOf(scanned, own, context, sources), sources)), ...extendedPackages(tsconfigs, context)];
    return {
      edges: edgesOf(
        importer,
        found.filter(({ target }) => !isBundled(target)),
      ),
      bundled: edgesOf(
        importer,
        found.filter(({ target }) => isBundled(target)),
      ),
      outside: sortedBy(
        found.flatMap(({ target, file, line }) => (target.kind === 'outside' ? [{ path: target.path, by: file, line }] : [])),
        ({ path }) => path,
      ),
      undeclared: found.flatMap(({ target, file, line }) => (target.kind === 'undeclared' ? [{ name: target.name, file, line }] : [])),
      absent: found.flatMap(({ target, file, line }) => (target.kind === 'absent' ? [{ path: target.path, file, line }] : [])),
      packages: found.flatMap(({ target, role }) => (target.kind === 'root' && role === 'source' ? [target.name] : [])),
      publicEnv: [...new Set(scanned.flatMap(({ publicEnv }) => publicEnv))].sort(),
    };
  };
  return async (importer) => {
    const key = keyOf(importer);
    const known = cache.get(key) as ImportReading | undefined;
    const reading = known ?? (await read(importer));
    if (known === undefined) cache.set(key, reading);
    return reading;
  };
}

/** What an importer declares. In a workspace of Nx the root's dependencies are everyone's, the root's own project among them. */
function declarations(importer: Importer, { files, importersByName }: Pick<ResolveContext, 'files' | 'importersByName'>) {
  const { manifest, id, derived } = importer;
  const ofNx = derived === true || files.get('nx.json') !== undefined;
  const developed = ofNx ? Object.keys(manifest.devDependencies ?? {}) : [];
  return {
    declared: ofNx && id === '.' ? new Set<string>() : declaredNames(manifest),
    bundled: new Set(developed.filter((name) => importersByName.has(name) && manifest.dependencies?.[name] === undefined)),
    hasRoot: ofNx,
  };
}

function declaredNames(manifest: Manifest): ReadonlySet<string> {
  const maps: (DependencyMap | undefined)[] = [
    manifest.dependencies,
    manifest.devDependencies,
    manifest.optionalDependencies,
    manifest.peerDependencies,
  ];
  return new Set(maps.flatMap((map) => Object.keys(map ?? {})));
}

interface Candidate {
  readonly specifier: string;
  readonly file: string;
  readonly role: FileRole;
  readonly target: ImportTarget;
}

interface Site extends Candidate {
  readonly line: number;
}

interface Scanned {
  readonly file: string;
  readonly role: FileRole;
  readonly specifiers: readonly string[];
  readonly publicEnv: readonly string[];
}

async function scan(own: readonly FileEntry[], importer: Importer, sources: Sources): Promise<readonly Scanned[]> {
  const scanned: Scanned[] = [];
  for (const { path, mode } of own) {
    const role = fileRole(withinImporter(path, importer.id));
    if (role !== 'none' && mode !== '120000' && isSource(path)) scanned.push({ file: path, role, ...(await sources.scan(path)) });
  }
  return scanned;
}

async function candidatesOf(
  scanned: readonly Scanned[],
  own: readonly FileEntry[],
  tsconfigContext: ResolveContext,
  sources: Sources,
): Promise<readonly Candidate[]> {
  const unexplained = scanned.some(({ specifiers }) => specifiers.some((specifier) => isUnexplained(specifier, tsconfigContext)));
  const context = unexplained ? await withBundlerAliases(own, tsconfigContext, sources) : tsconfigContext;
  const resolve = rememberingNames(context);
  return scanned.flatMap(({ file, role, specifiers }) =>
    specifiers.flatMap((specifier) => {
      const target = resolve(specifier, file);
      return target === undefined || (mustLoad(target) && role !== 'source') ? [] : [{ specifier, file, role, target }];
    }),
  );
}

/** `resolveTarget`, each specifier that means the same in every file resolved once. */
function rememberingNames(context: ResolveContext): (specifier: string, file: string) => ImportTarget | undefined {
  const known = new Map<string, ImportTarget | undefined>();
  return (specifier, file) => {
    if (isRelative(specifier)) return resolveTarget(specifier, file, context);
    if (!known.has(specifier)) known.set(specifier, resolveTarget(specifier, file, context));
    return known.get(specifier);
  };
}

async function withBundlerAliases(own: readonly FileEntry[], context: ResolveContext, sources: Sources): Promise<ResolveContext> {
  const { id } = context.importer;
  const configs = own.filter(({ path }) => isSource(path) && isBuildConfig(withinImporter(path, id)));
  const aliases = await Promise.all(configs.map(({ path }) => sources.aliases(path, id)));
  // A bundler asks its own aliases first.
  return { ...context, aliases: [...aliases.flat(), ...context.aliases] };
}

/** For each thing reached its first import, sources before configuration; for what must be loaded the first that loads it at run time. */
async function confirmed(candidates: readonly Candidate[], sources: Sources): Promise<readonly Site[]> {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = JSON.stringify(candidate.target);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [candidate]);
    else group.push(candidate);
  }
  const sites: Site[] = [];
  for (const key of [...groups.keys()].sort(byCodeUnit)) {
    const ordered = (groups.get(key) ?? []).toSorted((a, b) => Number(a.role === 'support') - Number(b.role === 'support'));
    const site = await firstSite(ordered, sources);
    if (site !== undefined) sites.push(site);
  }
  return sites;
}

async function firstSite(candidates: readonly Candidate[], sources: Sources): Promise<Site | undefined> {
  for (const candidate of candidates) {
    for (const { specifier, line, use } of await sources.parse(candidate.file)) {
      if (specifier === candidate.specifier && (!mustLoad(candidate.target) || isLoaded(candidate.file, use))) return { ...candidate, line };
    }
  }
  return undefined;
}

/** Whether an import matters only where the running program, or its bundler, loads it. */
function mustLoad(target: ImportTarget): boolean {
  return target.kind === 'undeclared' || target.kind === 'absent' || target.kind === 'root' || isBundled(target);
}

function isBundled(target: ImportTarget): boolean {
  return target.kind === 'importer' && target.bundled === true;
}

function isLoaded(file: string, use: ImportUse): boolean {
  return use === 'value' && !/\.d\.(?:\w+\.)?[cm]?ts$/.test(file);
}

/** Workspace packages that the tsconfigs extend without the importer declaring them: TypeScript finds them by way of the root's node_modules. */
function extendedPackages(tsconfigs: readonly string[], context: ResolveContext): readonly Site[] {
  const { importer, ownerOf, importersByName, declared } = context;
  const chain = tsconfigs.flatMap((path) => tsconfigChain(path, context));
  return chain
    .filter(({ path }) => [importer.id, '.'].includes(ownerOf(path)))
    .flatMap(({ path, extends: parents }) =>
      parents.flatMap(({ specifier, line }): Site[] => {
        const extended = isRelative(specifier) ? undefined : importersByName.get(packageNameOf(specifier));
        if (extended === undefined || extended.id === importer.id || declared.has(packageNameOf(specifier))) return [];
        return [{ specifier, file: path, line, role: 'support', target: { kind: 'importer', id: extended.id } }];
      }),
    );
}

function edgesOf(importer: Importer, sites: readonly Site[]): readonly ClosureEdge[] {
  const edges = new Map<string, ClosureEdge>();
  for (const { target, role, file, line } of sites) {
    if (target.kind !== 'importer' || edges.has(target.id)) continue;
    edges.set(target.id, { from: importer.id, to: target.id, kind: role === 'source' ? 'import' : 'config', by: file, line });
  }
  return sortedBy(edges.values(), ({ to }) => to);
}
