import { satisfies, validRange } from 'semver';
import { ErrorCode, type Location, StowageError } from '../../errors.ts';
import type { Diagnostic, Manifest } from '../../model.ts';
import type { Flags } from './flags.ts';
import { entryLines, type NpmLockfile } from './lockfile.ts';
import type { Tree, TreeEdge, TreeNode } from './tree.ts';

/**
 * What `npm ci` does not tell, or tells late: every edge leads somewhere, and to a version that fits. A version that does not fit is a warning
 * alone, as npm itself leaves such behind (overrides, peers that were forced), and as it installs all the same.
 * @throws StowageError LockfileInconsistent for an edge that npm would have to ask the registry for
 */
export function checkTree(tree: Tree, flags: ReadonlyMap<TreeNode, Flags>, lockfile: NpmLockfile): Diagnostic[] {
  const lineOf = entryLines(lockfile);
  const at = (node: TreeNode): Location => {
    const line = lineOf(node.location);
    return { file: lockfile.path, ...(line === undefined ? {} : { line }) };
  };
  const overridden = overriddenNames(tree.root.importer?.manifest);
  const diagnostics: Diagnostic[] = [];
  for (const node of tree.nodes.values()) {
    // What is bundled came with its bundler's tarball, and lists what that bundler's author had around.
    if (node.entry.inBundle === true) continue;
    for (const edge of node.edges) {
      if (isBundled(node, edge.name)) continue;
      if (edge.to === undefined) {
        if (edge.kind === 'optional' || edge.kind === 'peerOptional') continue;
        if (edge.kind !== 'peer' && flags.get(node)?.optional !== true) throw missingEntry(node, edge, at(node));
        diagnostics.push(doubt('npm-missing-entry', node, edge, 'is not locked', at(node)));
      } else if (!overridden.has(edge.name) && !fits(edge.to, edge.specifier)) {
        diagnostics.push(doubt('npm-version-mismatch', node, edge, `is locked to ${edge.to.entry.version}`, at(node)));
      }
    }
  }
  return diagnostics;
}

function fits(node: TreeNode, specifier: string): boolean {
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

function doubt(code: string, node: TreeNode, edge: TreeEdge, what: string, where: Location): Diagnostic {
  const message = `${edge.name}@${edge.specifier}, which ${describe(node)} asks for, ${what}.`;
  return { level: 'warning', code, message, ...where, hint: 'npm ls says more; npm install may mend it.' };
}

function describe({ location, importer }: TreeNode): string {
  return importer === undefined ? location : importer.name;
}
