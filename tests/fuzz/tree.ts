import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { DependencyMap, Manifest } from '@stowage/core';

export interface Tree {
  /** `who -> alias: what` for everything that the importers can load, directly or through others, as Node resolves it. */
  readonly edges: ReadonlySet<string>;
  /** The same of peers. */
  readonly peers: ReadonlySet<string>;
  /** Packages that the walk came by, as `name@version`. */
  readonly reached: ReadonlySet<string>;
}

export interface Walk {
  readonly root: string;
  readonly members: readonly string[];
  /** Whether devDependencies of the importers count. */
  readonly dev: boolean;
  /** Peers that are looked up. */
  readonly peers: 'all' | 'required' | 'none';
  /** Peers for which the manager sees to it that somebody provides them. */
  readonly promised: 'required' | 'none';
  /**
   * Whose folders a look-up passes by: those of workspaces around another that are no members, or nobody's. Of the first some managers put
   * there what the inner workspace asks for, and others what hides it.
   */
  readonly passing: 'outsiders' | 'nobody';
}

interface Installed extends Manifest {
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** What a program in each of the importers would find in an installed tree. Workspaces outside `members` count as not there. */
export function walkTree({ root, members, dev, peers: wanted, promised, passing }: Walk): Tree {
  const [edges, peers, reached] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const base = realpathSync(root);
  const importers = new Set(members);
  const find = (name: string, from: string) => resolve(name, from, base, passing === 'outsiders' ? importers : undefined);
  const visited = new Set<string>();
  const visit = (folder: string): void => {
    if (visited.has(folder)) return;
    visited.add(folder);
    const id = importerId(base, folder);
    const manifest = readManifest(folder);
    const who = id === undefined ? nameOf(manifest) : `(${id})`;
    if (id === undefined) reached.add(who);
    const optional = manifest.optionalDependencies ?? {};
    const required = { ...manifest.dependencies, ...(id !== undefined && dev ? manifest.devDependencies : {}) };
    const own = { ...required, ...optional };
    for (const alias of Object.keys({ ...peersOf(manifest, wanted), ...own })) {
      const target = find(alias, folder);
      const workspace = target === undefined ? undefined : importerId(base, target);
      if (workspace !== undefined && !importers.has(workspace)) continue;
      // the root goes without what needs a workspace that is not there
      if (id === '.' && target !== undefined && workspace === undefined && leadsOutside(target)) continue;
      // no other version is in that range: what lies there is for others
      if (id !== undefined && target !== undefined && optional[alias] === '^0.0.0' && readManifest(target).version !== '0.0.0') continue;
      const what = target === undefined ? 'nothing' : workspace === undefined ? nameOf(readManifest(target)) : `(${workspace})`;
      if (!(alias in own)) peers.add(`${who} -> ${alias}: ${what}`);
      else if (target !== undefined || !(alias in optional)) edges.add(`${who} -> ${alias}: ${what}`);
      if (target !== undefined) visit(target);
    }
  };
  const leadsOutside = (start: string): boolean => {
    const reached = new Set([start]);
    for (const folder of reached) {
      const workspace = importerId(base, folder);
      if (workspace !== undefined && !importers.has(workspace)) return true;
      const { dependencies, optionalDependencies, ...manifest } = readManifest(folder);
      for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peersOf(manifest, promised) })) {
        const next = find(name, folder);
        if (next !== undefined) reached.add(next);
      }
    }
    return false;
  };
  for (const member of members) visit(join(base, member));
  return { edges, peers, reached };
}

function peersOf({ peerDependencies = {}, peerDependenciesMeta = {} }: Installed, wanted: Walk['peers']): DependencyMap {
  if (wanted === 'none') return {};
  return Object.fromEntries(Object.entries(peerDependencies).filter(([name]) => wanted === 'all' || !peerDependenciesMeta[name]?.optional));
}

/** Every package that lies in a node_modules folder, as `name@version`; links are not followed. */
export function installedPackages(root: string): ReadonlySet<string> {
  const found = new Set<string>();
  const scan = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const path = join(folder, entry.name);
      if (entry.name === 'node_modules') scanModules(path);
      else if (entry.name !== '.git') scan(path);
    }
  };
  const scanModules = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (!entry.isDirectory() || entry.name === '.bin') continue;
      if (entry.name.startsWith('@')) scanModules(path);
      else if (!entry.name.startsWith('.') && existsSync(join(path, 'package.json'))) found.add(nameOf(readManifest(path)));
      scan(path);
    }
  };
  scan(root);
  return found;
}

const manifests = new Map<string, Installed>();

function readManifest(folder: string): Installed {
  const known = manifests.get(folder);
  if (known !== undefined) return known;
  const manifest: Installed = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  manifests.set(folder, manifest);
  return manifest;
}

/** Folders are thrown away after a comparison, and their names may come again. */
export function forgetTrees(): void {
  manifests.clear();
}

function nameOf({ name, version }: Manifest): string {
  return `${name}@${version}`;
}

function importerId(base: string, folder: string): string | undefined {
  const id = relative(base, folder);
  // bun at times links to its cache
  return id.startsWith('..') || id.split('/').includes('node_modules') ? undefined : id || '.';
}

/**
 * Node's look-up, up to the root of the repository, past the folders of workspaces that are no members, where members are given, and past what pnpm and bun
 * hoist inside their own folders, which nothing promises.
 */
function resolve(name: string, from: string, base: string, members: ReadonlySet<string> | undefined): string | undefined {
  for (let folder = from; folder.startsWith(base); folder = dirname(folder)) {
    const id = importerId(base, folder);
    if (/\/(?:node_modules|\.pnpm|\.bun)$/.test(folder) || (id !== undefined && id !== '.' && members?.has(id) === false)) continue;
    const target = join(folder, 'node_modules', name);
    if (existsSync(join(target, 'package.json'))) return realpathSync(target);
  }
  return undefined;
}
