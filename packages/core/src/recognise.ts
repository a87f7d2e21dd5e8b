import { atItsPlace, resolveConfig } from './config/resolve-config.ts';
import type { Importer, Workspace } from './model.ts';
import { isNxApplication } from './nx/build.ts';
import { appFacts } from './presets/facts.ts';
import { findPreset } from './presets/list.ts';

export { imageName } from './image-name.ts';
export { packageImporter, parseManifest, projectImporter } from './importer.ts';
export type { FileEntry, Files, Importer, Manifest } from './model.ts';

export interface AppListing {
  readonly id: string;
  readonly name: string;
  readonly preset: string;
  /** What tells the preset. */
  readonly reason: string;
}

type Packages = Pick<Workspace, 'importers' | 'files'>;

/**
 * What a package is taken for: undefined where no preset recognises it as an app. A root with workspaces or projects is one where Nx says so.
 * An entry of its own (`@stowage/core/recognise`), which loads neither lockfiles nor sources, for tools that ask at each start.
 * @param config what the package is told, where the caller knows
 * @throws StowageError InvalidConfig, NoPreset
 */
export function recognise(workspace: Packages, importer: Importer, config = resolveConfig(workspace, importer)): AppListing | undefined {
  if (importer.id === '.' && workspace.importers.length > 1 && !isNxApplication(importer, workspace.files)) return undefined;
  const { preset, reason } = atItsPlace(workspace, importer, () => findPreset(appFacts(workspace, importer, config)));
  return reason === undefined ? undefined : { id: importer.id, name: importer.name, preset: preset.id, reason };
}
