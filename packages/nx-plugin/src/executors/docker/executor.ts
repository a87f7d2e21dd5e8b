import { resolve } from 'node:path';
import { type ExecutorContext, logger } from '@nx/devkit';
import { buildFolder, buildImages, explainMissingSecrets, parseBuildWords, planTargets, readBranches, secretWords } from '@stowage/core';
import { imageTags } from '../../image-tags.ts';
import { type PackedProject, packProject, projectRoot } from '../../pack-project.ts';
import { tell, toldIfItFails } from '../../tell.ts';
import { replaceTokens, type TokenFacts, tokenFacts } from '../../tokens.ts';

/** As `schema.json` describes them. */
export interface DockerExecutorOptions {
  readonly tag?: string | readonly string[];
  readonly label?: string | readonly string[];
  readonly push?: boolean;
  readonly platform?: string | readonly string[];
  readonly builder?: string;
  readonly cache?: string;
  readonly output?: string;
  readonly args?: readonly string[];
}

/** `nx run <project>:docker`: what `stowage build` does, for the project. */
export default function runDocker(options: DockerExecutorOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return toldIfItFails(async () => {
    const packed = await packProject(context.root, projectRoot(context));
    const { diagnostics, secrets } = packed.plan;
    for (const diagnostic of [...diagnostics, ...explainMissingSecrets(secrets)]) tell(diagnostic);
    const facts = tokenFacts(context);
    const tags = imageTags(options.tag, packed.plan.app.name, facts);
    const { push = false, builder } = options;
    let begun = false;
    const onLine = (line: string): void => {
      if (!begun) logger.info(`Building ${tags.join(', ')} (\`--verbose\` shows the steps)`);
      begun = true;
      logger.verbose(line);
    };
    const [image] = await buildImages({ workspace: packed.workspace, ...planned(packed, tags, options, facts), push, builder, onLine });
    const done = image?.reused ? 'Nothing to build: an image of the same content is there, tagged' : push ? 'Pushed' : 'Built';
    logger.info(`${done} ${tags.join(', ')}`);
    return true;
  });
}

/** The image as bake builds it, and what is left for buildx itself. */
function planned({ workspace, plan }: PackedProject, tags: readonly string[], options: DockerExecutorOptions, facts: TokenFacts) {
  const { label = [], args = [], platform = [], cache, output } = options;
  const labels = [label].flat().map((each) => `--label=${replaceTokens(each, facts)}`);
  const { settings, rest } = parseBuildWords([...labels, ...args], process.env);
  const folder = output === undefined ? buildFolder(workspace.root, plan.app.id) : resolve(workspace.root, output);
  const targets = planTargets([plan], {
    tags,
    platforms: [platform].flat(),
    cache,
    branches: readBranches(workspace.root),
    settings,
    contextOf: () => folder,
    secretsOf: ({ secrets }) => secretWords(secrets),
  });
  return { targets, extra: rest };
}
