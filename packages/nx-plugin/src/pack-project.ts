import type { ExecutorContext } from '@nx/devkit';
import { ImportCacheFolder, importCachePath, type PackPlan, pack, readWorkspace, type Workspace } from '@stowage/core';

export interface PackedProject {
  readonly workspace: Workspace;
  readonly plan: PackPlan;
}

/** Plans an app of the Nx workspace, by its package name or folder. What was read of sources is kept for the next run. */
export async function packProject(root: string, app: string): Promise<PackedProject> {
  const workspace = await readWorkspace(root);
  const cache = new ImportCacheFolder(importCachePath(workspace.root));
  const plan = await pack(workspace, app, { cache });
  cache.save();
  return { workspace, plan };
}

/** The folder of the project whose target runs, relative to the workspace root. */
export function projectRoot({ projectName, projectsConfigurations }: Pick<ExecutorContext, 'projectName' | 'projectsConfigurations'>): string {
  const project = projectsConfigurations.projects[projectName ?? ''];
  if (project === undefined) throw new Error(`Nx knows no project called ${projectName}`);
  return project.root;
}
