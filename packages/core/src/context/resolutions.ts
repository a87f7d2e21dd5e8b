import type { Resolution } from '../model.ts';
import type { PrunedInstall } from '../package-managers/adapter.ts';

/** What the build installs, and which of it the production install has too; sorted by name, then version. */
export function joinResolutions(deps: PrunedInstall['resolutions'], prod: PrunedInstall['resolutions']): Resolution[] {
  const key = ({ name, version }: { name: string; version: string }): string => `${name}@${version}`;
  const runtime = new Set(prod.map(key));
  return deps.map((resolution) => ({ ...resolution, runtime: runtime.has(key(resolution)) }));
}
