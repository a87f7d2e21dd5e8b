import type { Workspace } from './model.ts';
import { type AppListing, recognise } from './recognise.ts';

/** Every package that a preset recognises as an app, sorted by id. */
export function listApps(workspace: Workspace): AppListing[] {
  return workspace.importers.flatMap((importer) => recognise(workspace, importer) ?? []);
}
