import { resolveConfig } from './config/resolve-config.ts';
import type { Workspace } from './model.ts';
import { appFacts } from './presets/facts.ts';
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
  const { importers } = workspace;
  return importers.flatMap((importer) => {
    if (importer.id === '.' && importers.length > 1) return [];
    const { preset, reason } = findPreset(appFacts(workspace, importer, resolveConfig(workspace, importer)));
    return reason === undefined ? [] : [{ id: importer.id, name: importer.name, preset: preset.id, reason }];
  });
}
