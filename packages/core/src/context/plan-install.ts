import type { LockedGraph } from '../closure/locked-edges.ts';
import type { Closure, Diagnostic, LockedEdge, PlannedFile, Workspace } from '../model.ts';
import type { RootNeeds } from '../nx/root-needs.ts';
import { sortedBy } from '../order.ts';
import type { InstallScope, PrunedInstall } from '../package-managers/adapter.ts';
import { adapterOf } from '../package-managers/list.ts';
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
  const edges = workspace.importers
    .filter(({ id }) => scope.importers.some((kept) => kept.id === id))
    .flatMap((importer) => edgesInstalled(mode, graph.edgesOf(importer)));
  const masked = scope.importers.map((importer) =>
    maskManifest(
      importer,
      maskVersion(importer, edges, adapter.versionRange),
      adapter.manifestFields,
      importer.id === '.' ? rootScripts.scripts : {},
    ),
  );
  const pruned = adapter.prune({
    lockfile: graph.lockfile,
    packageManager: workspace.packageManager,
    scope: { mode, importers: masked },
    workspace: workspace.importers.filter(({ derived }) => derived === undefined),
    files: workspace.files,
  });
  const manifests: PlannedFile[] = pruned.importers.map(({ id, manifest }) => ({
    path: id === '.' ? 'package.json' : `${id}/package.json`,
    mode: '100644',
    text: printManifest(manifest),
  }));
  return {
    files: distinct([...manifests, ...pruned.files, ...rootScripts.files, ...planBinStubs(pruned.importers, workspace.files)]),
    pruned,
    diagnostics: mode === 'deps' ? [...rootScripts.diagnostics, ...pruned.diagnostics] : [],
  };
}

/** Without devDependencies but those that provide a peer: a production install may take these for dependencies. */
function edgesInstalled(mode: InstallScope['mode'], edges: readonly LockedEdge[]): readonly LockedEdge[] {
  if (mode === 'deps') return edges;
  const peers = new Set(edges.flatMap(({ kind, alias }) => (kind === 'peerDependencies' ? [alias] : [])));
  return edges.filter(({ kind, alias }) => kind !== 'devDependencies' || peers.has(alias));
}

/** One file for a path: the first to name it wins. */
function distinct(files: readonly PlannedFile[]): PlannedFile[] {
  const byPath = new Map<string, PlannedFile>();
  for (const file of files) if (!byPath.has(file.path)) byPath.set(file.path, file);
  return sortedBy(byPath.values(), ({ path }) => path);
}
