import type { DependencyMap, Importer, Manifest } from '../../model.ts';
import { type LockedDependency, type LockedImporter, type PnpmLockfile, SECTIONS, type Section } from './lockfile.ts';

/** What a kept importer's entry holds afterwards. */
export interface NarrowedImporter {
  readonly sections: LockedImporter;
  /** Names in `sections.dependencies` that the lockfile has elsewhere or with another specifier: their lines are new. */
  readonly moved: ReadonlySet<string>;
}

/**
 * The lockfile's entry of an importer for a masked manifest. What no map of the unmasked manifest names was put there
 * by a pnpmfile, by packageExtensions or by `devEngines.runtime`, and will be again: it stays.
 */
export function narrowImporter(lockfile: PnpmLockfile, masked: Importer, unmasked: Importer): NarrowedImporter {
  const locked = lockfile.document.importers[masked.id] ?? {};
  const autoInstallPeers = lockfile.document.settings?.autoInstallPeers !== 'false';
  const sections: { [section in Section]?: Record<string, LockedDependency> } = {};
  const moved = new Set<string>();
  for (const section of SECTIONS) {
    for (const [name, dependency] of Object.entries(locked[section] ?? {})) {
      const before = demand(unmasked.manifest, name, autoInstallPeers);
      const after = demand(masked.manifest, name, autoInstallPeers);
      if (before && !after) continue;
      const unchanged = !before || !after || (before.map === after.map && before.specifier === after.specifier);
      const target = unchanged ? section : after.section;
      // A specifier that is not the manifest's own comes from an override, which replaces that of the other map too.
      const specifier = unchanged || dependency.specifier !== before.specifier ? dependency.specifier : after.specifier;
      if (!unchanged) moved.add(name);
      sections[target] = { ...sections[target], [name]: { specifier, version: dependency.version } };
    }
  }
  return { sections, moved };
}

interface Demand {
  readonly map: keyof Manifest;
  readonly section: Section;
  readonly specifier: string;
}

/** Which map pnpm takes a name from, where several have it, and the section it is locked in. */
function demand(manifest: Manifest, name: string, autoInstallPeers: boolean): Demand | undefined {
  const candidates: readonly { map: keyof Manifest; section: Section; specifiers: DependencyMap | undefined }[] = [
    { map: 'optionalDependencies', section: 'optionalDependencies', specifiers: manifest.optionalDependencies },
    { map: 'dependencies', section: 'dependencies', specifiers: manifest.dependencies },
    { map: 'devDependencies', section: 'devDependencies', specifiers: manifest.devDependencies },
    { map: 'peerDependencies', section: 'dependencies', specifiers: autoInstallPeers ? manifest.peerDependencies : undefined },
  ];
  for (const { map, section, specifiers } of candidates) {
    const specifier = specifiers && Object.hasOwn(specifiers, name) ? specifiers[name] : undefined;
    if (specifier !== undefined) return { map, section, specifier };
  }
  return undefined;
}
