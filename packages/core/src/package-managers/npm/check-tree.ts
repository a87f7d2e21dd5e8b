import { ErrorCode, type Location, StowageError } from '../../errors.ts';
import type { Diagnostic, Importer } from '../../model.ts';
import { fits } from './fits.ts';
import type { Flags } from './flags.ts';
import { entryLines, type NpmLockfile } from './lockfile.ts';
import { overriddenNames, unmetOverrides } from './overrides.ts';
import { isInNodeModules, type Tree, type TreeEdge, type TreeNode } from './tree.ts';

/**
 * What `npm ci` does not tell, or tells late: every edge leads somewhere, and to a version that fits. `npm ci` resolves anew what the root and
 * the workspaces themselves ask for and do not get, and refuses the lockfile; between packages a version that does not fit is a warning alone, as
 * npm itself leaves such behind (overrides, peers that were forced), and as it installs all the same.
 * @param legacyPeerDeps whether the repository installs so, for the words of the hint
 * @throws StowageError LockfileInconsistent for an edge that npm would have to ask the registry for; LockfileOutdated
 */
export function checkTree(tree: Tree, flags: ReadonlyMap<TreeNode, Flags>, lockfile: NpmLockfile, legacyPeerDeps: boolean): Diagnostic[] {
  const at = (node: TreeNode): Location => {
    const line = entryLines(lockfile).get(node.location);
    return { file: lockfile.path, ...(line === undefined ? {} : { line }) };
  };
  const overridden = overriddenNames(tree.root.importer?.manifest);
  const diagnostics: Diagnostic[] = [];
  const unfit: Unfit[] = [];
  if (!lockfile.entries.has('')) throw absentEntry(tree.root, '""', 'for the root', at(tree.root));
  for (const node of tree.nodes.values()) {
    if (node.entry.link === true && node.target === undefined) throw absentEntry(node, node.entry.resolved ?? '', 'to which a link leads', at(node));
    // What is bundled came with its bundler's tarball, and lists what that bundler's author had around.
    if (node.entry.inBundle === true) continue;
    diagnostics.push(...withoutOptional(node, lockfile, at));
    for (const edge of node.edges) {
      if (isBundled(node, edge.name)) continue;
      if (edge.to === undefined) diagnostics.push(...withoutTarget(node, edge, flags, at(node)));
      else if (!overridden.has(edge.name) && !fits(edge.to, edge.specifier)) {
        // an optional dependency that no version fits is one that npm goes without
        const mayGo = edge.kind === 'peer' || edge.kind === 'peerOptional' || edge.kind === 'optional';
        if (node.importer !== undefined && !mayGo) unfit.push({ importer: node.importer, edge, locked: edge.to });
        else diagnostics.push(doubt('npm-version-mismatch', node, edge, `is locked to ${edge.to.entry.version}`, at(node)));
      }
    }
  }
  const [first, ...others] = unfit;
  if (first !== undefined) throw outdated(first, others, at(first.locked), legacyPeerDeps);
  return [...diagnostics, ...unmetOverrides(tree, at), ...withoutIntegrity(tree, lockfile, at)];
}

/** The optional packages of a package that no entry is there for, taken together: one has a package for each platform. */
function withoutOptional(node: TreeNode, lockfile: NpmLockfile, at: (node: TreeNode) => Location): Diagnostic[] {
  const missing = node.edges.filter(({ kind, name, to }) => kind === 'optional' && to === undefined && !isBundled(node, name));
  if (missing.length === 0) return [];
  const names = missing.map(({ name, specifier }) => `${name}@${specifier}`).join(', ');
  const [are, they] = missing.length === 1 ? ['is', 'it is'] : ['are', 'they are'];
  const message = `${names}, which ${describe(node)} asks for, ${are} not locked: ${they} installed nowhere.`;
  return [{ level: 'warning', code: 'npm-missing-optional', message, ...at(node), hint: relock(lockfile) }];
}

/** What to say of a dependency, other than an optional one, that leads nowhere. */
function withoutTarget(node: TreeNode, edge: TreeEdge, flags: ReadonlyMap<TreeNode, Flags>, where: Location): Diagnostic[] {
  if (edge.kind === 'peerOptional' || edge.kind === 'optional') return [];
  if (edge.kind !== 'peer' && flags.get(node)?.optional !== true) throw missingEntry(node, edge, where);
  return [doubt('npm-missing-entry', node, edge, 'is not locked', where)];
}

/**
 * npm installs a package without its hash unchecked, and leaves a hash out itself at times, where it writes a lockfile beside an installed tree.
 * A lockfile without any is meant so.
 */
function withoutIntegrity(tree: Tree, { entries }: NpmLockfile, at: (node: TreeNode) => Location): Diagnostic[] {
  const isOfRegistry = ({ location, entry, target }: TreeNode) =>
    isInNodeModules(location) &&
    target === undefined &&
    entry.inBundle !== true &&
    entry.version !== undefined &&
    !/^(?:file|git)/.test(entry.resolved ?? '');
  const bare = [...tree.nodes.values()].filter((node) => isOfRegistry(node) && node.entry.integrity === undefined);
  const [first] = bare;
  if (first === undefined || ![...entries.values()].some(({ integrity }) => integrity !== undefined)) return [];
  const message = `${bare.map(({ location }) => location).join(', ')} ${bare.length === 1 ? 'has' : 'have'} no integrity: npm installs whatever it gets.`;
  return [
    {
      level: 'warning',
      code: 'npm-missing-integrity',
      message,
      ...at(first),
      hint: 'Delete these entries and node_modules, run npm install, and commit the lockfile.',
    },
  ];
}

/** A dependency of a workspace that is locked to a version outside its range. */
interface Unfit {
  readonly importer: Importer;
  readonly edge: TreeEdge;
  readonly locked: TreeNode;
}

function outdated({ importer, edge, locked }: Unfit, others: readonly Unfit[], where: Location, legacyPeerDeps: boolean): StowageError {
  const told = `locks ${edge.name} to ${locked.entry.version ?? 'no version'}, but ${importer.name} asks for ${edge.specifier}`;
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

function absentEntry(node: TreeNode, location: string, what: string, where: Location): StowageError {
  return new StowageError(ErrorCode.LockfileInconsistent, `${where.file} has no entry ${location}, ${what}.`, {
    where: { ...where, key: `packages["${node.location}"]` },
    hint: 'Run npm install, and commit the lockfile. Is the folder a git submodule? Fetch it: git submodule update --init.',
  });
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
