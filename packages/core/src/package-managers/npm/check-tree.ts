import { satisfies, validRange } from 'semver';
import { ErrorCode, type Location, StowageError } from '../../errors.ts';
import type { Diagnostic, Importer, Manifest } from '../../model.ts';
import type { Flags } from './flags.ts';
import { entryLines, type NpmLockfile } from './lockfile.ts';
import type { Tree, TreeEdge, TreeNode } from './tree.ts';

/**
 * What `npm ci` does not tell, or tells late: every edge leads somewhere, and to a version that fits. `npm ci` resolves anew what the root and
 * the workspaces themselves ask for and do not get, and refuses the lockfile; between packages a version that does not fit is a warning alone, as
 * npm itself leaves such behind (overrides, peers that were forced), and as it installs all the same.
 * @param legacyPeerDeps whether the repository installs so, for the words of the hint
 * @throws StowageError LockfileInconsistent for an edge that npm would have to ask the registry for; LockfileOutdated
 */
export function checkTree(tree: Tree, flags: ReadonlyMap<TreeNode, Flags>, lockfile: NpmLockfile, legacyPeerDeps: boolean): Diagnostic[] {
  const lineOf = entryLines(lockfile);
  const at = (node: TreeNode): Location => {
    const line = lineOf(node.location);
    return { file: lockfile.path, ...(line === undefined ? {} : { line }) };
  };
  const overridden = overriddenNames(tree.root.importer?.manifest);
  const diagnostics: Diagnostic[] = [];
  const unfit: Unfit[] = [];
  for (const node of tree.nodes.values()) {
    // What is bundled came with its bundler's tarball, and lists what that bundler's author had around.
    if (node.entry.inBundle === true) continue;
    for (const edge of node.edges) {
      if (isBundled(node, edge.name)) continue;
      if (edge.to === undefined) {
        if (edge.kind === 'peerOptional') continue;
        if (edge.kind === 'optional') {
          diagnostics.push({
            ...doubt('npm-missing-optional', node, edge, 'is not locked: it is installed nowhere', at(node)),
            hint: relock(lockfile),
          });
          continue;
        }
        if (edge.kind !== 'peer' && flags.get(node)?.optional !== true) throw missingEntry(node, edge, at(node));
        diagnostics.push(doubt('npm-missing-entry', node, edge, 'is not locked', at(node)));
        continue;
      }
      if (overridden.has(edge.name) || fits(edge.to, edge.specifier)) continue;
      if (node.importer !== undefined && edge.kind !== 'peer' && edge.kind !== 'peerOptional') {
        unfit.push({ importer: node.importer, edge, locked: edge.to });
      } else {
        diagnostics.push(doubt('npm-version-mismatch', node, edge, `is locked to ${edge.to.entry.version}`, at(node)));
      }
    }
  }
  const [first, ...others] = unfit;
  if (first !== undefined) throw outdated(first, others, at(first.locked), legacyPeerDeps);
  return diagnostics;
}

/** A dependency of a workspace that is locked to a version outside its range. */
interface Unfit {
  readonly importer: Importer;
  readonly edge: TreeEdge;
  readonly locked: TreeNode;
}

function outdated({ importer, edge, locked }: Unfit, others: readonly Unfit[], where: Location, legacyPeerDeps: boolean): StowageError {
  const told = `locks ${edge.name} to ${locked.entry.version}, but ${importer.name} asks for ${edge.specifier}`;
  const more = others.map((each) => `${each.edge.name} (${each.importer.name})`);
  return new StowageError(
    ErrorCode.LockfileOutdated,
    `${where.file} ${told}${more.length === 0 ? '' : `; so it is with ${more.join(', ')}`}. npm ci refuses that.`,
    {
      where: { ...where, key: `packages["${locked.location}"]` },
      hint: `Run npm install${legacyPeerDeps ? ' --legacy-peer-deps' : ''} with npm 11 or newer (npm 10 may leave such entries), and commit the lockfile.`,
    },
  );
}

/** Whether what an edge leads to is what it asks for; a link, and what no range is said of, always is. */
export function fits(node: TreeNode, specifier: string): boolean {
  const version = node.entry.version;
  if (node.target !== undefined || version === undefined || surelyFits(version, specifier)) return true;
  const range = /^npm:.+@([^@]+)$/.exec(specifier)?.[1] ?? specifier;
  return validRange(range, { loose: true }) === null || range.trim() === '' || range === '*' || satisfies(version, range, { loose: true });
}

/** Nearly all ranges are a caret's: told without the cost of parsing each. */
function surelyFits(version: string, specifier: string): boolean {
  if (version === specifier) return true;
  const [, major, minor, patch] = /^\^([1-9]\d*)\.(\d+)\.(\d+)$/.exec(specifier) ?? [];
  const [, ownMajor, ownMinor, ownPatch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version) ?? [];
  if (major === undefined || major !== ownMajor) return false;
  return Number(ownMinor) > Number(minor) || (ownMinor === minor && Number(ownPatch) >= Number(patch));
}

/** Names that any key of `overrides` speaks of, at any depth (`name`, `name@range`). */
function overriddenNames(root: Manifest | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (overrides: unknown): void => {
    if (typeof overrides !== 'object' || overrides === null) return;
    for (const [key, value] of Object.entries(overrides)) {
      const at = key.indexOf('@', 1);
      names.add(at < 0 ? key : key.slice(0, at));
      collect(value);
    }
  };
  collect(root?.overrides);
  return names;
}

function isBundled({ entry }: TreeNode, name: string): boolean {
  const bundled = entry.bundleDependencies;
  return bundled === true || (Array.isArray(bundled) && bundled.includes(name));
}

function missingEntry(node: TreeNode, edge: TreeEdge, where: Location): StowageError {
  return new StowageError(
    ErrorCode.LockfileInconsistent,
    `${where.file} has no entry for ${edge.name}@${edge.specifier}, which ${describe(node)} depends on.`,
    { where: { ...where, key: `packages["${node.location}"]` }, hint: 'Run npm install, and commit the lockfile.' },
  );
}

/** npm leaves packages for other platforms out where it writes a lockfile anew beside an installed tree. */
function relock({ path }: NpmLockfile): string {
  return `Does it lack the package of a platform? Delete node_modules and ${path}, run npm install, and commit the lockfile.`;
}

function doubt(code: string, node: TreeNode, edge: TreeEdge, what: string, where: Location): Diagnostic {
  const message = `${edge.name}@${edge.specifier}, which ${describe(node)} asks for, ${what}.`;
  return { level: 'warning', code, message, ...where, hint: 'npm ls says more; npm install may mend it.' };
}

function describe({ location, importer }: TreeNode): string {
  return importer === undefined ? location : importer.name;
}
