import { resolve } from 'node:path';
import { type ExecutorContext, logger } from '@nx/devkit';
import { buildFolder, buildImages, explainMissingSecrets, parseBuildWords, planTargets, readBranches, secretWords } from '@stowage/core';
import { imageTags } from '../../image-tags.ts';
import { packProject, projectRoot } from '../../pack-project.ts';
import { tell, toldIfItFails } from '../../tell.ts';
import { replaceTokens, tokenFacts } from '../../tokens.ts';

/** As `schema.json` describes them. */
export interface DockerExecutorOptions {
  readonly tag?: string | readonly string[];
  readonly label?: string | readonly string[];
  readonly push?: boolean;
  readonly platform?: string | readonly string[];
  readonly builder?: string;
  readonly cache?: string;
  readonly output?: string;
}

/** `nx run <project>:docker`: what `stowage build` does, for the project. */
export default function runDocker(options: DockerExecutorOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return toldIfItFails(async () => {
    const { workspace, plan } = await packProject(context.root, projectRoot(context));
    for (const diagnostic of [...plan.diagnostics, ...explainMissingSecrets(plan.secrets)]) tell(diagnostic);
    const folder = options.output === undefined ? buildFolder(workspace.root, plan.app.id) : resolve(context.root, options.output);
    const facts = tokenFacts(context);
    const tags = imageTags(options.tag, plan.app.name, facts);
    const labels = [options.label ?? []].flat().map((label) => `--label=${replaceTokens(label, facts)}`);
    const targets = planTargets([plan], {
      tags,
      platforms: [options.platform ?? []].flat(),
      cache: options.cache,
      branches: readBranches(workspace.root),
      settings: parseBuildWords(labels, {}).settings,
      contextOf: () => folder,
      secretsOf: ({ secrets }) => secretWords(secrets),
    });
    let begun = false;
    const onLine = (line: string): void => {
      if (!begun) logger.info(`Building ${tags.join(', ')} (\`--verbose\` shows the steps)`);
      begun = true;
      logger.verbose(line);
    };
    const [image] = await buildImages({
      workspace,
      targets,
      push: options.push ?? false,
      builder: options.builder,
      extra: [],
      onLine,
    });
    const done = image?.reused ? 'Nothing to build: an image of the same content is there, tagged' : options.push ? 'Pushed' : 'Built';
    logger.info(`${done} ${tags.join(', ')}`);
    return true;
  });
}
