import type { LockedGraph } from '../closure/locked-edges.ts';
import { withManifest } from '../importers.ts';
import type { Importer, Workspace } from '../model.ts';
import { once } from '../once.ts';
import type { PackageManagerAdapter, PrunedInstall } from '../package-managers/adapter.ts';
import { namesFoundAnywhere } from '../package-managers/names-found-anywhere.ts';

/** What comes with some of the root's packages. */
export interface BroughtPackages {
  /** Names of all packages that an install of these has, where any package finds them: the lockfile is pruned for each answer. */
  readonly installed: (names: Iterable<string>) => ReadonlySet<string>;
  /** That of all of them. */
  readonly everything: () => ReadonlySet<string>;
  /** Nearly what `installed` tells, at once: by following who depends on whom in an install of all. A package under another name is not followed. */
  readonly reached: (names: Iterable<string>) => ReadonlySet<string>;
}

/** @param listed by the name of a package of the root, the range */
export function broughtPackages(
  listed: Readonly<Record<string, string>>,
  workspace: Workspace,
  graph: LockedGraph,
  adapter: PackageManagerAdapter,
): BroughtPackages {
  const root = workspace.importers[0] as Importer;
  const prune = (some: Iterable<string>): PrunedInstall => {
    const names = new Set(some);
    const dependencies = Object.fromEntries(Object.entries(listed).filter(([name]) => names.has(name)));
    return adapter.prune({
      lockfile: graph.lockfile,
      packageManager: workspace.packageManager,
      scope: { mode: 'prod', importers: [{ ...root, manifest: { name: root.name, dependencies } }] },
      workspace: withManifest(workspace.importers),
      files: workspace.files,
    });
  };
  const whole = once(() => prune(Object.keys(listed)));
  const follow = once(() => follower(whole()));
  return {
    installed: (names) => namesFoundAnywhere(prune(names)),
    everything: once(() => namesFoundAnywhere(whole())),
    reached: (names) => follow()(names),
  };
}

function follower({ resolutions, nested }: PrunedInstall): BroughtPackages['reached'] {
  const nodes = new Map(resolutions.map(({ name, version }) => [`${name}@${version}`, { name, needs: [] as string[] }]));
  const direct = new Map<string, string[]>();
  for (const { name, version, neededBy } of resolutions) {
    const id = `${name}@${version}`;
    if (neededBy.includes('.')) direct.set(name, [...(direct.get(name) ?? []), id]);
    for (const dependent of neededBy) nodes.get(dependent)?.needs.push(id);
  }
  return (names) => {
    const reached = new Set([...names].flatMap((name) => direct.get(name) ?? []));
    for (const id of reached) for (const need of nodes.get(id)?.needs ?? []) reached.add(need);
    return new Set([...reached].filter((id) => nested?.has(id) !== true).map((id) => nodes.get(id)?.name ?? id));
  };
}
