import type { Importer, Manifest } from '../../model.ts';
import type { PrunedInstall, PruneInput } from '../adapter.ts';
import { eachOnce } from '../planned-files.ts';
import { checkTree } from './check-tree.ts';
import { fits } from './fits.ts';
import { computeFlags, type Flags, flagsOf, printedFlags, sameFlags, withFlags } from './flags.ts';
import { narrowImporterEntry } from './importer-entry.ts';
import { planEntryFiles, planNpmrc } from './install-files.ts';
import { pruneLegacyTree } from './legacy-tree.ts';
import { type LockEntry, type NpmLockfile, printLockfile } from './lockfile.ts';
import { inferredSetting, peerPolicy } from './peers.ts';
import { listResolutions, nestedPackages } from './resolutions.ts';
import { keepOverrideAnchors, narrowPatches, narrowWorkspaces } from './root-settings.ts';
import { buildTree, isInNodeModules, type Tree, type TreeNode, type TreeOptions } from './tree.ts';

/**
 * The lockfile of fewer importers: entries that nothing kept leads to are deleted, and nothing moves, as a location decides what `require` finds.
 * @throws StowageError LockfileInconsistent, LockfileOutdated, MissingFile, LinkLeavesClosure
 */
export function prune(input: PruneInput<NpmLockfile>): PrunedInstall {
  const { lockfile, scope, files, workspace } = input;
  const policy = peerPolicy(lockfile, workspace, files);
  const locations = keptLocations(input, policy);
  const entries = new Map([...lockfile.entries].filter(([location]) => locations.has(location)));
  const kept = withoutLostPeers(scope.importers, buildTree(entries, scope.importers, policy), policy.tree);
  const tree = buildTree(entries, kept, policy);
  const flags = computeFlags(tree);
  const importers = kept.map((importer) => (importer.id === '.' ? narrowRoot(input, importer, tree, flags) : importer));
  const changed = changedFlags(input, tree, flags, policy.tree);
  const inferred = inferredSetting(policy, lockfile);
  const npmrc = planNpmrc(files, inferred.line);
  const text = printLockfile(lockfile, {
    kept: locations,
    entries: changedEntries(importers, workspace, entries, changed),
    version: importers[0]?.manifest.version,
    legacy: pruneLegacyTree(lockfile, { kept: locations, flags: changed, manifests: new Map(importers.map(({ id, manifest }) => [id, manifest])) }),
  });
  return {
    importers,
    files: eachOnce([{ path: lockfile.path, mode: '100644', text }, ...npmrc.files, ...planEntryFiles([...tree.nodes.values()], files)]),
    resolutions: listResolutions(tree),
    nested: nestedPackages(tree),
    diagnostics: [...npmrc.diagnostics, ...inferred.diagnostics, ...checkTree(tree, flags, lockfile, policy.legacyPeerDeps)],
  };
}

/** Locations that the kept importers lead to. What a kept package bundles stays with it, reached or not: it comes in its tarball. */
function keptLocations({ lockfile, scope, workspace }: PruneInput<NpmLockfile>, options: TreeOptions): ReadonlySet<string> {
  const dropped = droppedIds(workspace, scope.importers);
  const present = [...lockfile.entries].filter(
    ([location, { link, resolved }]) => !dropped.has(location) && !(link === true && dropped.has(resolved ?? '')),
  );
  const tree = buildTree(new Map(present), scope.importers, options);
  const flags = computeFlags(tree);
  const kept = [...tree.nodes.values()].filter((node) => flags.get(bundlerOf(node) ?? node)?.extraneous === false);
  return new Set(kept.map(({ location }) => location));
}

/**
 * Without the optional peers of workspaces that lost what provided them, a devDependency of theirs, and now find a version out of range:
 * npm 10 refuses that, and for an optional peer nothing is installed anyway.
 */
function withoutLostPeers(importers: readonly Importer[], tree: Tree, whole: Tree): readonly Importer[] {
  const unfitOf = (location: string, of: Tree) =>
    (of.nodes.get(location)?.edges ?? []).flatMap(({ kind, name, to, specifier }) =>
      kind === 'peerOptional' && to !== undefined && !fits(to, specifier) ? [name] : [],
    );
  return importers.map((importer) => {
    const location = importer.id === '.' ? '' : importer.id;
    const before = new Set(unfitOf(location, whole));
    const lost = new Set(unfitOf(location, tree).filter((name) => !before.has(name)));
    if (lost.size === 0) return importer;
    const { peerDependencies = {}, ...manifest } = importer.manifest;
    const peers = Object.entries(peerDependencies).filter(([name]) => !lost.has(name));
    return { ...importer, manifest: peers.length === 0 ? manifest : { ...importer.manifest, peerDependencies: Object.fromEntries(peers) } };
  });
}

/** The package whose tarball brings a node; none for what the root or a workspace bundles, which is installed like everything else. */
function bundlerOf(node: TreeNode): TreeNode | undefined {
  let above: TreeNode | undefined = node;
  while (above?.entry.inBundle === true) above = above.parent;
  return above !== undefined && isInNodeModules(above.location) ? above : undefined;
}

function droppedIds(workspace: readonly Importer[], kept: readonly Importer[]): ReadonlySet<string> {
  const ids = new Set(kept.map(({ id }) => id));
  return new Set(workspace.map(({ id }) => id).filter((id) => !ids.has(id)));
}

function narrowRoot(input: PruneInput<NpmLockfile>, root: Importer, tree: Tree, flags: ReadonlyMap<TreeNode, Flags>): Importer {
  const { scope, workspace, packageManager } = input;
  const narrowed = narrowPatches(narrowWorkspaces(root, droppedIds(workspace, scope.importers)), [...tree.nodes.values()]);
  const unmasked = workspace.find(({ id }) => id === '.');
  return unmasked === undefined ? narrowed : keepOverrideAnchors(narrowed, unmasked, packageManager.version, tree, flags);
}

/**
 * The flags to write where they are not those recorded. npm 10 trusts them, so a production install gets all of them afresh. With every
 * dependency installed they decide nothing: there, recorded ones stay unless the choice changes them, as npm 10 computes some otherwise.
 */
function changedFlags(input: PruneInput<NpmLockfile>, tree: Tree, flags: ReadonlyMap<TreeNode, Flags>, whole: Tree): ReadonlyMap<string, Flags> {
  const before = computeFlags(whole);
  const changed = new Map<string, Flags>();
  for (const node of tree.nodes.values()) {
    if (node.target !== undefined) continue;
    const fresh = printedFlags(flags.get(node) as Flags);
    const recorded = flagsOf(node.entry);
    const original = before.get(whole.nodes.get(node.location) as TreeNode) as Flags;
    const mayStay = input.scope.mode === 'deps' && !recorded.extraneous && sameFlags(printedFlags(original), fresh);
    if (!mayStay && !sameFlags(recorded, fresh)) changed.set(node.location, fresh);
  }
  return changed;
}

function changedEntries(
  importers: readonly Importer[],
  workspace: readonly Importer[],
  entries: ReadonlyMap<string, LockEntry>,
  flags: ReadonlyMap<string, Flags>,
): ReadonlyMap<string, LockEntry> {
  const unmasked = new Map<string, Manifest>(workspace.map(({ id, manifest }) => [id, manifest]));
  const changed = new Map<string, LockEntry>();
  for (const { id, manifest } of importers) {
    const location = id === '.' ? '' : id;
    const entry = entries.get(location);
    if (entry !== undefined) changed.set(location, narrowImporterEntry(entry, manifest, unmasked.get(id) ?? manifest));
  }
  for (const [location, own] of flags) changed.set(location, withFlags(changed.get(location) ?? (entries.get(location) as LockEntry), own));
  return changed;
}
