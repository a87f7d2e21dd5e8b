import { resolveConfig } from './config/resolve-config.ts';
import type { Importer, Workspace } from './model.ts';
import { findPreset } from './presets/list.ts';

export interface AppListing {
  readonly id: string;
  readonly name: string;
  readonly preset: string;
  /** What tells the preset. */
  readonly reason: string;
}

/** Every package that a preset recognises as an app, sorted by id. A root with workspaces is no app. */
export function listApps(workspace: Workspace): AppListing[] {
  const { importers, files } = workspace;
  const root = importers[0] as Importer;
  return importers.flatMap((importer) => {
    if (importer.id === '.' && importers.length > 1) return [];
    const { preset, reason } = findPreset({ importer, root, files, config: resolveConfig(workspace, importer) });
    return reason === undefined ? [] : [{ id: importer.id, name: importer.name, preset: preset.id, reason }];
  });
}
