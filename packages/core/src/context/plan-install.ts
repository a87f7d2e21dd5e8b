import type { LockedGraph } from '../closure/locked-edges.ts';
import { importersOf, withManifest } from '../importers.ts';
import type { Closure, Diagnostic, Importer, LockedEdge, PlannedFile, Workspace } from '../model.ts';
import type { RootNeeds } from '../nx/root-needs.ts';
import { byCodeUnit, sortedBy } from '../order.ts';
import type { InstallScope, PrunedInstall } from '../package-managers/adapter.ts';
import { adapterOf } from '../package-managers/list.ts';
import { manifestPath } from '../paths.ts';
import { perObject } from '../per-object.ts';
import { planBinStubs } from './bin-stubs.ts';
import { maskManifest, printManifest } from './mask-manifest.ts';
import { maskVersion } from './mask-version.ts';
import { planRootScripts } from './root-scripts.ts';
import { installScope } from './scope.ts';

export interface InstallPlan {
  /** Everything that the install reads, paths relative to its root, sorted. */
  readonly files: readonly PlannedFile[];
  readonly pruned: PrunedInstall;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Manifests, lockfile and settings of one install from one model, so that they cannot disagree.
 * @throws StowageError LockfileInconsistent, MissingFile
 */
export function planInstall(
  mode: InstallScope['mode'],
  workspace: Workspace,
  closure: Closure,
  graph: LockedGraph,
  needs?: RootNeeds | undefined,
): InstallPlan {
  const adapter = adapterOf(workspace.packageManager.id);
  const scope = installScope(mode, closure, workspace.importers, graph, needs);
  const root = workspace.importers[0] as (typeof workspace.importers)[number];
  const rootScripts = planRootScripts(root.manifest, scope.importers[0]?.manifest ?? {}, workspace.files);
  const installed = importersOf(
    workspace.importers,
    scope.importers.map(({ id }) => id),
  );
  const asked = specifiersByTarget(installed.flatMap((importer) => edgesInstalled(mode, graph.edgesOf(importer), adapter.takesPeerProviders)));
  const masked = scope.importers.map((importer) =>
    maskManifest(
      importer,
      maskVersion(importer, asked.get(importer.id) ?? [], adapter.versionRange),
      adapter.manifestFields,
      importer.id === '.' ? rootScripts.scripts : {},
    ),
  );
  const pruned = adapter.prune({
    lockfile: graph.lockfile,
    packageManager: workspace.packageManager,
    scope: { mode, importers: masked },
    workspace: withManifest(workspace.importers),
    files: workspace.files,
  });
  return {
    files: distinct([
      ...pruned.importers.map(manifestFile),
      ...pruned.files,
      ...rootScripts.files,
      ...planBinStubs(pruned.importers, workspace.files),
    ]),
    pruned,
    diagnostics: mode === 'deps' ? [...rootScripts.diagnostics, ...leftOut(graph.edgesOf(root), closure), ...pruned.diagnostics] : [],
  };
}

/** What of the workspace the root depends on and the closure lacks: a build that reaches it without saying so would not find it. */
function leftOut(edges: readonly LockedEdge[], { build }: Closure): Diagnostic[] {
  const names = edges.flatMap(({ alias, target }) =>
    'importer' in target && target.importer !== '.' && !build.includes(target.importer) ? [alias] : [],
  );
  if (names.length === 0) return [];
  return [
    {
      level: 'info',
      code: 'root-workspaces-left-out',
      message: `The root depends on ${[...new Set(names)].sort(byCodeUnit).join(', ')}, which nothing of the app's closure needs: no part of the image.`,
      file: 'package.json',
      hint: 'Where the build does need one, declare it in the package.json of the app or of the package that uses it.',
    },
  ];
}

const manifestFile = perObject(
  ({ id, manifest }: Importer): PlannedFile => ({
    path: manifestPath(id),
    mode: '100644',
    text: printManifest(manifest),
  }),
);

/** What is asked of each importer: one pass, however many importers there are. */
function specifiersByTarget(edges: readonly LockedEdge[]): ReadonlyMap<string, readonly string[]> {
  const asked = new Map<string, string[]>();
  for (const { target, specifier } of edges) {
    if (!('importer' in target)) continue;
    const known = asked.get(target.importer);
    if (known === undefined) asked.set(target.importer, [specifier]);
    else known.push(specifier);
  }
  return asked;
}

function edgesInstalled(mode: InstallScope['mode'], edges: readonly LockedEdge[], takesPeerProviders: boolean): readonly LockedEdge[] {
  if (mode === 'deps') return edges;
  const peers = new Set(edges.flatMap(({ kind, alias }) => (takesPeerProviders && kind === 'peerDependencies' ? [alias] : [])));
  return edges.filter(({ kind, alias }) => kind !== 'devDependencies' || peers.has(alias));
}

/** One file for a path: the first to name it wins. */
function distinct(files: readonly PlannedFile[]): PlannedFile[] {
  const byPath = new Map<string, PlannedFile>();
  for (const file of files) if (!byPath.has(file.path)) byPath.set(file.path, file);
  return sortedBy(byPath.values(), ({ path }) => path);
}
