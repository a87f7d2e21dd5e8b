import type { Manifest } from '../model.ts';

const dependencyMaps = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** The root manifest that builds see: its own scripts and tool settings, with dependencies and install settings as installed. */
export function rootManifestForBuild(root: Manifest, installed: Manifest): Manifest {
  const own = Object.entries(root).filter(([field]) => !dependencyMaps.includes(field));
  const installedFields = Object.entries(installed).filter(([field]) => field !== 'version' && field !== 'scripts');
  return Object.fromEntries([...own, ...installedFields]);
}
