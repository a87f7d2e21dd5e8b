import type { LockedGraph } from '../closure/locked-edges.ts';
import type { Importer, LockedEdge, Workspace } from '../model.ts';
import { ownPackages } from '../own-packages.ts';
import type { PackageManagerAdapter } from '../package-managers/adapter.ts';
import { broughtPackages } from './brought-packages.ts';
import { findProviders } from './providers.ts';

/** The packages of the root's manifest, as its lockfile has them. */
export interface RootPackages {
  readonly all: ReadonlySet<string>;
  /** Those under `dependencies`. */
  readonly dependencies: ReadonlySet<string>;
  readonly take: (wanted: WantedPackages) => TakenPackages;
}

interface WantedPackages {
  /** Those that the root does not list are passed over. */
  readonly names: readonly string[];
  /** Names of which those count that the root does not list: what brings them is taken. */
  readonly unlisted: readonly string[];
  /** Packages that are taken where a taken one has them as a peer, even an optional one. */
  readonly peersAmong: ReadonlySet<string>;
  /** Packages of the workspace whose own dependencies are installed: what these want as peers is taken too. */
  readonly installed: readonly Importer[];
}

interface TakenPackages {
  readonly names: ReadonlySet<string>;
  /** By the name of an unlisted one, the package of the root that brings it. */
  readonly providers: ReadonlyMap<string, string>;
}

/** Undefined where the lockfile does not tell what packages want as peers. */
export function rootPackages(workspace: Workspace, graph: LockedGraph, adapter: PackageManagerAdapter): RootPackages | undefined {
  const { peersOf } = adapter;
  if (peersOf === undefined) return undefined;
  const root = workspace.importers[0] as Importer;
  const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = root.manifest;
  const entries = Object.entries({ ...devDependencies, ...optionalDependencies, ...dependencies });
  const listed = Object.fromEntries(entries.filter(([name]) => !ownPackages.includes(name)));
  const all = new Set(Object.keys(listed));
  const peersOfTarget = (target: LockedEdge['target'] | undefined): readonly string[] =>
    target !== undefined && 'package' in target ? peersOf(graph.lockfile, target.package) : [];
  const targets = new Map(graph.edgesOf(root).map(({ alias, target }) => [alias, target]));
  const peers = (name: string): readonly string[] => peersOfTarget(targets.get(name));
  const peersOfDependencies = (importer: Importer): readonly string[] =>
    importer.id === '.' ? [] : graph.edgesOf(importer).flatMap(({ target }) => peersOfTarget(target));
  const brought = broughtPackages(listed, workspace, graph, adapter);
  return {
    all,
    dependencies: new Set(Object.keys(dependencies)),
    take({ names, unlisted, peersAmong, installed }) {
      const withPeers = (some: readonly string[]): ReadonlySet<string> =>
        reach(
          some.filter((name) => all.has(name)),
          (name) => peers(name).filter((peer) => peersAmong.has(peer)),
        );
      const asked = installed.flatMap(peersOfDependencies).filter((peer) => peersAmong.has(peer));
      const own = withPeers([...names, ...asked]);
      const providers = findProviders({ wanted: unlisted.filter((name) => !all.has(name)), names: own, all: [...all], brought });
      return { names: withPeers([...names, ...asked, ...providers.values()]), providers };
    },
  };
}

function reach(start: readonly string[], next: (name: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set(start);
  for (const name of reached) for (const other of next(name)) reached.add(other);
  return reached;
}
