import { importersById } from '../../importers.ts';
import type { DependencyMap, Importer, Manifest } from '../../model.ts';
import { byCodeUnit } from '../../order.ts';
import { ownValue } from '../../own-value.ts';
import { isOptionalPeer, withMap } from '../peer-providers.ts';
import { type LockedDependency, type LockedImporter, type PnpmLockfile, SECTIONS, type Section } from './lockfile.ts';

/** What a kept importer's entry holds afterwards, and the manifest that agrees with it. */
export interface NarrowedImporter {
  readonly importer: Importer;
  /** The entry itself where all of it is kept. */
  readonly sections: LockedImporter;
  /** Names in `sections.dependencies` that the lockfile has under another section. */
  readonly moved: ReadonlySet<string>;
}

/**
 * The lockfile's entries of the importers, for masked manifests. What no map of an unmasked manifest names was put there by a pnpmfile,
 * by packageExtensions or by `devEngines.runtime`, and will be again: it stays.
 *
 * A devDependency that is a peer dependency too is what provides the peer (`react` of a component library), so without devDependencies
 * it becomes a dependency, as locked; so does one that the scope takes for a dependency. An optional peer does so only if another importer brings it, or if it is a
 * workspace, which the closure has for it: else it goes.
 */
export function narrowImporters(lockfile: PnpmLockfile, scope: readonly Importer[], workspace: readonly Importer[]): Map<string, NarrowedImporter> {
  const unmasked = importersById(workspace);
  const brought = new Set(scope.flatMap(({ manifest }) => Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })));
  return new Map(scope.map((importer) => [importer.id, narrowImporter(lockfile, importer, unmasked.get(importer.id) ?? importer, brought)]));
}

function narrowImporter(lockfile: PnpmLockfile, importer: Importer, unmasked: Importer, brought: ReadonlySet<string>): NarrowedImporter {
  const locked = lockfile.document.importers.get(importer.id) ?? {};
  const kept: Record<Section, [string, LockedDependency][]> = { dependencies: [], devDependencies: [], optionalDependencies: [] };
  let isWhole = true;
  const moved = new Map<string, string>();
  const given = new Set<string>();
  for (const section of SECTIONS) {
    for (const [name, dependency] of Object.entries(locked[section] ?? {})) {
      const before = mapOf(unmasked.manifest, name);
      const after = mapOf(importer.manifest, name);
      if (before && !after) {
        isWhole = false;
        continue;
      }
      const isMoved = before === 'devDependencies' && (after === 'peerDependencies' || after === 'dependencies');
      const isBrought = brought.has(name) || dependency.version.startsWith('link:');
      if (isMoved && after === 'peerDependencies' && isOptionalPeer(importer.manifest, name) && !isBrought) {
        given.add(name);
        continue;
      }
      if (isMoved) moved.set(name, ownValue(unmasked.manifest.devDependencies, name) ?? dependency.specifier);
      kept[isMoved ? 'dependencies' : section].push([name, dependency]);
    }
  }
  const hasPeers = moved.size > 0 || given.size > 0;
  return {
    importer: hasPeers ? { ...importer, manifest: withPeers(importer.manifest, moved, given) } : importer,
    sections: isWhole && !hasPeers ? locked : sectionsOf(kept),
    moved: new Set(moved.keys()),
  };
}

function sectionsOf(kept: Readonly<Record<Section, readonly [string, LockedDependency][]>>): LockedImporter {
  return Object.fromEntries(SECTIONS.flatMap((section) => (kept[section].length === 0 ? [] : [[section, Object.fromEntries(kept[section])]])));
}

/** The map that pnpm takes a name from, where several have it. */
function mapOf(manifest: Manifest, name: string): string | undefined {
  return ['optionalDependencies', 'dependencies', 'devDependencies', 'peerDependencies'].find((map) => {
    const specifiers = manifest[map] as DependencyMap | undefined;
    return ownValue(specifiers, name) !== undefined;
  });
}

function withPeers(manifest: Manifest, moved: ReadonlyMap<string, string>, given: ReadonlySet<string>): Manifest {
  const dependencies = [...Object.entries(manifest.dependencies ?? {}), ...moved].sort(([a], [b]) => byCodeUnit(a, b));
  const peers = Object.entries(manifest.peerDependencies ?? {}).filter(([name]) => !given.has(name));
  return withMap(withMap(manifest, 'dependencies', dependencies), 'peerDependencies', peers);
}
