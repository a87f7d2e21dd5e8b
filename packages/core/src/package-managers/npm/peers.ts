import type { Diagnostic, Files, Importer } from '../../model.ts';
import { npmrcValues } from '../npmrc.ts';
import { computeFlags } from './flags.ts';
import type { NpmLockfile } from './lockfile.ts';
import { buildTree, type Tree, type TreeEdge } from './tree.ts';

export interface PeerPolicy {
  readonly legacyPeerDeps: boolean;
  /** Where no setting says so but the lockfile does: the first peer that it lacks. */
  readonly inferredFrom: TreeEdge | undefined;
  /** The whole workspace's tree under this policy. */
  readonly tree: Tree;
}

/**
 * Whether the repository installs with `legacy-peer-deps`. Some pass it by hand each time: then the lockfile lacks peers, which an npm without it
 * would have installed, and would ask for again.
 */
export function peerPolicy(lockfile: NpmLockfile, workspace: readonly Importer[], files: Files): PeerPolicy {
  const setting = npmrcValues(files.read('.npmrc') ?? '', 'legacy-peer-deps').at(-1);
  if (setting !== undefined) {
    const legacyPeerDeps = setting !== 'false';
    return { legacyPeerDeps, inferredFrom: undefined, tree: buildTree(lockfile.entries, workspace, { legacyPeerDeps }) };
  }
  const tree = buildTree(lockfile.entries, workspace, { legacyPeerDeps: false });
  const missing = missingPeer(tree);
  if (missing === undefined) return { legacyPeerDeps: false, inferredFrom: undefined, tree };
  return { legacyPeerDeps: true, inferredFrom: missing, tree: buildTree(lockfile.entries, workspace, { legacyPeerDeps: true }) };
}

/** The `.npmrc` line that says what was inferred, and why it is there. */
export function inferredSetting(policy: PeerPolicy, lockfile: NpmLockfile): { line: string; diagnostics: Diagnostic[] } {
  if (policy.inferredFrom === undefined) return { line: '', diagnostics: [] };
  const { name, specifier } = policy.inferredFrom;
  return {
    line: 'legacy-peer-deps=true\n',
    diagnostics: [
      {
        level: 'warning',
        code: 'npm-legacy-peer-deps',
        message: `${lockfile.path} lacks peers (the first: ${name}@${specifier}), so it was written with --legacy-peer-deps; it is installed so too.`,
        file: lockfile.path,
        hint: 'Say so for everyone: add legacy-peer-deps=true to .npmrc.',
      },
    ],
  };
}

function missingPeer(tree: Tree): TreeEdge | undefined {
  const flags = computeFlags(tree);
  for (const node of tree.nodes.values()) {
    const own = flags.get(node);
    if (own === undefined || own.extraneous || own.optional || node.entry.inBundle === true) continue;
    const missing = node.edges.find(({ kind, to }) => kind === 'peer' && to === undefined);
    if (missing !== undefined) return missing;
  }
  return undefined;
}
