import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AppListing, imageName } from '@stowage/core/recognise';
import type { StowagePluginOptions } from './options.ts';

/** A target as Nx's project.json has it. */
export type Target = Readonly<Record<string, unknown>>;

/** The targets of one app. `docker` needs nothing that Nx builds: the build runs in the image. */
export function planTargets(app: AppListing, workspaceRoot: string, options: StowagePluginOptions): Record<string, Target> {
  const { dockerTargetName = 'docker', pruneTargetName = 'docker-prune', runTargetName = 'docker-run' } = options;
  return {
    [dockerTargetName]: {
      executor: '@stowage/nx:docker',
      options: {},
      cache: false,
      metadata: described('Builds the image of this app.'),
    },
    [pruneTargetName]: {
      executor: '@stowage/nx:prune',
      options: { output: `out/${imageName({ app })}` },
      cache: true,
      // the folder is the plan: it changes when the plan does, and with nothing else
      inputs: [{ runtime: planHashCommand(app.id, workspaceRoot) }, { externalDependencies: [] }],
      outputs: ['{options.output}'],
      metadata: described('Writes the folder that Docker builds from.'),
    },
    [runTargetName]: {
      executor: '@stowage/nx:run',
      options: {},
      cache: false,
      continuous: true,
      dependsOn: [dockerTargetName],
      metadata: described('Runs the image of this app.'),
    },
  };
}

function described(description: string): Target {
  return { technologies: ['docker'], description };
}

/** Run by Nx in the workspace root. The path is relative, so that the hash is the same on every machine. */
function planHashCommand(project: string, workspaceRoot: string): string {
  const program = relative(workspaceRoot, fileURLToPath(new URL('plan-hash.js', import.meta.url))).replaceAll('\\', '/');
  return `node ${JSON.stringify(program)} ${JSON.stringify(project)}`;
}
