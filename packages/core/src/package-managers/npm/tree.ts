import type { Importer } from '../../model.ts';
import { ownValue } from '../../own-value.ts';
import type { LockEntry } from './lockfile.ts';

/** As npm tells edges apart: `peerOptional` are peers that `peerDependenciesMeta` calls optional; `workspace` leads from the root to each member. */
export type EdgeKind = 'workspace' | 'prod' | 'optional' | 'dev' | 'peer' | 'peerOptional';

export interface TreeEdge {
  readonly kind: EdgeKind;
  readonly name: string;
  readonly specifier: string;
  /** Undefined where nothing of that name can be reached. */
  readonly to: TreeNode | undefined;
}

export interface TreeNode {
  readonly location: string;
  /** The name it is imported by: the last part of its location. */
  readonly name: string;
  readonly entry: LockEntry;
  readonly importer: Importer | undefined;
  /** The node whose folder it lies in. */
  readonly parent: TreeNode | undefined;
  /** Of a link: the folder it leads to. */
  readonly target: TreeNode | undefined;
  /** One for each name, as npm reads the manifest: a later map takes the place of an earlier. */
  readonly edges: readonly TreeEdge[];
}

export interface Tree {
  readonly root: TreeNode;
  /** By location, in the order of the entries. */
  readonly nodes: ReadonlyMap<string, TreeNode>;
}

export interface TreeOptions {
  /** npm's setting of that name: peers are no edges. */
  readonly legacyPeerDeps: boolean;
}

type Specifiers = Readonly<Record<string, unknown>> | undefined;
type EdgeMaps = Pick<LockEntry, 'dependencies' | 'devDependencies' | 'optionalDependencies' | 'peerDependencies' | 'peerDependenciesMeta'>;
/** A node while the tree is made: its relations are filled in once all nodes are there. */
type MutableNode = { -readonly [Field in keyof TreeNode]: TreeNode[Field] } & {
  parent: MutableNode | undefined;
  readonly children: Map<string, MutableNode>;
};

/** The tree that npm makes of a lockfile: locations are physical, and an edge leads to the first `node_modules/<name>` on the way up. */
export function buildTree(entries: ReadonlyMap<string, LockEntry>, importers: readonly Importer[], options: TreeOptions): Tree {
  const importerAt = new Map(importers.map((importer) => [importer.id === '.' ? '' : importer.id, importer]));
  const nodes = new Map<string, MutableNode>();
  for (const [location, entry] of entries) nodes.set(location, newNode(location, entry, importerAt.get(location)));
  const root = nodes.get('') ?? newNode('', {}, importerAt.get(''));
  nodes.set('', root);
  for (const node of nodes.values()) {
    node.parent = nearest(nodes, node.location);
    nodes.get(ownerOf(node.location) ?? '.')?.children.set(node.name, node);
  }
  const members = [...importerAt].filter(([location]) => location !== '');
  for (const node of nodes.values()) {
    if (node.entry.link === true) node.target = nodes.get(node.entry.resolved ?? '');
    else node.edges = edgesOf(node, node === root ? members : [], options);
  }
  return { root, nodes };
}

/** The location of what `require(name)` finds from a location. */
export function resolveFrom(entries: ReadonlyMap<string, LockEntry>, from: string, name: string): string | undefined {
  for (let folder: string | undefined = from; folder !== undefined; folder = folderAbove(folder)) {
    const location = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (entries.has(location)) return location;
  }
  return undefined;
}

/** The name that npm gives to a folder without one: with its scope, if it lies in a folder named like a scope. */
export function nameOfFolder(location: string): string {
  return /(?:^|\/)((?:@[^/]+\/)?[^/]+)$/.exec(location)?.[1] ?? location;
}

export function isInNodeModules(location: string): boolean {
  return /(?:^|\/)node_modules\//.test(location);
}

function newNode(location: string, entry: LockEntry, importer: Importer | undefined): MutableNode {
  return { location, name: nameOfFolder(location), entry, importer, parent: undefined, target: undefined, edges: [], children: new Map() };
}

function folderAbove(folder: string): string | undefined {
  return folder === '' ? undefined : folder.slice(0, Math.max(folder.lastIndexOf('/'), 0));
}

/** The folder in whose `node_modules` a location lies. */
function ownerOf(location: string): string | undefined {
  const [, owner] = /^(?:(.*)\/)?node_modules\/(?:@[^/]+\/)?[^/]+$/.exec(location) ?? [];
  return owner ?? (location.startsWith('node_modules/') ? '' : undefined);
}

function nearest<Node>(nodes: ReadonlyMap<string, Node>, location: string): Node | undefined {
  for (let folder = folderAbove(location); folder !== undefined; folder = folderAbove(folder)) {
    const found = nodes.get(folder);
    if (found !== undefined) return found;
  }
  return undefined;
}

function resolve(node: MutableNode, name: string): TreeNode | undefined {
  for (let at: MutableNode | undefined = node; at !== undefined; at = at.parent) {
    const found = at.children.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function edgesOf(node: MutableNode, members: readonly (readonly [string, Importer])[], options: TreeOptions): TreeEdge[] {
  const edges = new Map<string, TreeEdge>();
  const add = (kind: EdgeKind, map: Specifiers): void => {
    for (const name in map) {
      const specifier = map[name];
      if (typeof specifier !== 'string' || edges.get(name)?.kind === 'workspace') continue;
      edges.set(name, { kind, name, specifier, to: resolve(node, name) });
    }
  };
  const maps = (node.importer?.manifest ?? node.entry) as EdgeMaps;
  for (const [location, { manifest }] of members) add('workspace', { [manifest.name ?? nameOfFolder(location)]: `file:${location}` });
  if (!options.legacyPeerDeps) {
    const isOptional = (name: string) => ownValue(maps.peerDependenciesMeta, name)?.optional === true;
    for (const name in maps.peerDependencies) {
      add(isOptional(name) ? 'peerOptional' : 'peer', { [name]: maps.peerDependencies[name] });
    }
  }
  add('prod', maps.dependencies);
  add('optional', maps.optionalDependencies);
  if (!isInNodeModules(node.location)) add('dev', maps.devDependencies);
  return [...edges.values()];
}
