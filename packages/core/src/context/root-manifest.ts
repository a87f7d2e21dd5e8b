import { DEPENDENCY_KINDS } from '../dependency-kinds.ts';
import type { Manifest } from '../model.ts';

/** The root manifest that builds see: its own scripts and tool settings, with dependencies and install settings as installed. */
export function rootManifestForBuild(root: Manifest, installed: Manifest): Manifest {
  const own = Object.entries(root).filter(([field]) => !(DEPENDENCY_KINDS as readonly string[]).includes(field));
  const installedFields = Object.entries(installed).filter(([field]) => field !== 'version' && field !== 'scripts');
  return Object.fromEntries([...own, ...installedFields]);
}
