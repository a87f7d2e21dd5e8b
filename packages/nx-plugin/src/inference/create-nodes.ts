import { findProjects } from './find-projects.ts';
import type { StowagePluginOptions } from './options.ts';
import { planTargets, type Target } from './targets.ts';

/** What Nx gives a plugin; Nx's own types have other names in each major. */
interface CreateNodesContext {
  readonly workspaceRoot: string;
}
type CreateNodesResult = readonly [file: string, result: { projects: Record<string, { targets: Record<string, Target> }> }];

/**
 * Nx's inference: every project that `stowage list` would show gets targets. It reads manifests and what tells a preset, no lockfile and no
 * source; it prints nothing; a project that cannot be read gets no targets.
 */
export const createNodes = [
  '**/{package,project}.json',
  (files: readonly string[], options: StowagePluginOptions | undefined, { workspaceRoot }: CreateNodesContext): CreateNodesResult[] =>
    findProjects(workspaceRoot, files).map(({ file, app }) => [
      file,
      { projects: { [app.id]: { targets: planTargets(app, workspaceRoot, options ?? {}) } } },
    ]),
] as const;
