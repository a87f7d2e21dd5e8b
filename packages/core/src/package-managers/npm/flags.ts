import type { Tree, TreeEdge, TreeNode } from './tree.ts';

/** What npm derives of how an entry is reached, and writes into it. */
const flagNames = ['peer', 'dev', 'optional', 'devOptional', 'extraneous'] as const;
type Flag = (typeof flagNames)[number];
export type Flags = Readonly<Record<Flag, boolean>>;
type MutableFlags = Record<Flag, boolean>;

/** Members that npm prints before all others, in this order; the rest follows alphabetically, objects behind everything else. */
const leading = ['name', 'version', 'resolved', 'integrity', 'requires', 'dependencies'];

/**
 * The flags of every node, as npm 11 and 12 compute them (`calc-dep-flags`): all are set, then cleared along the edges from the root until
 * nothing changes. A node that only optional peers lead to stays extraneous.
 */
export function computeFlags(tree: Tree): ReadonlyMap<TreeNode, Flags> {
  const flags = new Map<TreeNode, MutableFlags>();
  for (const node of tree.nodes.values()) flags.set(node, allFlags(node !== tree.root));
  const of = (node: TreeNode) => flags.get(node) as MutableFlags;
  const seen = new Set<TreeNode>();
  const queue = [tree.root];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    const first = !seen.has(node);
    seen.add(node);
    const from = of(node);
    if (!from.extraneous) for (let above = node.parent; above && of(above).extraneous; above = above.parent) of(above).extraneous = false;
    if (node.target !== undefined) {
      if (clearAlongLink(from, of(node.target)) || first) queue.push(node.target);
      continue;
    }
    for (const edge of node.edges) if (edge.to !== undefined && clearAlongEdge(from, edge, of(edge.to))) queue.push(edge.to);
  }
  for (const own of flags.values()) if (own.dev || own.optional) own.devOptional = false;
  return flags;
}

/** An entry's recorded flags. */
export function flagsOf(entry: Readonly<Record<string, unknown>>): Flags {
  return Object.fromEntries(flagNames.map((name) => [name, entry[name] === true])) as Flags;
}

/** Flags as npm writes them: an extraneous entry has no other. */
export function printedFlags(flags: Flags): Flags {
  return flags.extraneous ? { ...allFlags(false), extraneous: true } : flags;
}

export function sameFlags(a: Flags, b: Flags): boolean {
  return flagNames.every((name) => a[name] === b[name]);
}

/** The entry with these flags, each where npm prints it; all other members keep their order. */
export function withFlags<Entry extends Readonly<Record<string, unknown>>>(entry: Entry, flags: Flags): Entry {
  let members = Object.entries(entry).filter(([key]) => !(flagNames as readonly string[]).includes(key));
  for (const name of flagNames) if (flags[name]) members = insertMember(members, name, true);
  return Object.fromEntries(members) as Entry;
}

/** Members with one more, before the first that npm prints behind it. */
export function insertMember(members: readonly [string, unknown][], key: string, value: unknown): [string, unknown][] {
  const at = members.findIndex((member) => comesBefore([key, value], member));
  return at < 0 ? [...members, [key, value]] : [...members.slice(0, at), [key, value], ...members.slice(at)];
}

function comesBefore([key, value]: readonly [string, unknown], [otherKey, other]: readonly [string, unknown]): boolean {
  if (isMap(value) !== isMap(other)) return isMap(other);
  const rank = leading.indexOf(key);
  const otherRank = leading.indexOf(otherKey);
  if (rank >= 0 || otherRank >= 0) return rank >= 0 && (otherRank < 0 || rank < otherRank);
  return key < otherKey;
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function allFlags(value: boolean): MutableFlags {
  return { peer: value, dev: value, optional: value, devOptional: value, extraneous: value };
}

function clearAlongLink(from: Flags, to: MutableFlags): boolean {
  let changed = false;
  for (const name of flagNames) {
    if (!to[name] || from[name]) continue;
    to[name] = false;
    changed = true;
  }
  return changed;
}

function clearAlongEdge(from: Flags, { kind }: TreeEdge, to: MutableFlags): boolean {
  const dev = kind === 'dev';
  const peer = kind === 'peer' || kind === 'peerOptional';
  const optional = kind === 'optional' || kind === 'peerOptional';
  const clears: MutableFlags = {
    extraneous: !from.extraneous && kind !== 'peerOptional',
    dev: !from.dev && !dev,
    optional: !from.optional && !optional,
    devOptional: !from.devOptional && !from.dev && !from.optional && !dev && !optional,
    peer: !from.peer && !peer,
  };
  let changed = false;
  for (const name of flagNames) {
    if (!to[name] || !clears[name]) continue;
    to[name] = false;
    changed = true;
  }
  return changed;
}
