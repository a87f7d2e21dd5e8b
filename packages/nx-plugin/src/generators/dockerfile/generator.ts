import { type GeneratorCallback, logger, readProjectConfiguration, type Tree } from '@nx/devkit';
import { imageName, selfContained } from '@stowage/core';
import { packProject } from '../../pack-project.ts';

/** As `schema.json` describes them. */
export interface DockerfileOptions {
  readonly project: string;
  readonly file?: string;
}

/**
 * Writes the self-contained Dockerfile of a project, and the ignore file beside it. It is never called just `Dockerfile` by itself:
 * `@nx/docker` makes a project of each folder that holds one.
 * @throws StowageError what packing the app throws
 */
export default async function dockerfile(tree: Tree, { project, file }: DockerfileOptions): Promise<GeneratorCallback> {
  const { plan } = await packProject(tree.root, readProjectConfiguration(tree, project).root);
  const path = file ?? `${imageName(plan)}.Dockerfile`;
  const { dockerfile, dockerignore } = selfContained(plan, { program: { version: STOWAGE_VERSION }, below: '.' });
  tree.write(path, dockerfile);
  tree.write(`${path}.dockerignore`, dockerignore);
  return () => logger.info(`\nNext: \`docker build --file ${path} .\` in the root of the repository.`);
}
