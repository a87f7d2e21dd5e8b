import { resolve } from 'node:path';
import { type ExecutorContext, logger } from '@nx/devkit';
import { imageName, verifyInstall, writePlan } from '@stowage/core';
import { packProject, projectRoot } from '../../pack-project.ts';
import { tell, toldIfItFails } from '../../tell.ts';

/** As `schema.json` describes them. */
export interface PruneExecutorOptions {
  readonly output?: string;
  readonly verify?: boolean;
}

/** `nx run <project>:docker-prune`: what `stowage prune` does, for the project. */
export default function runPrune(options: PruneExecutorOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return toldIfItFails(async () => {
    const { workspace, plan } = await packProject(context.root, projectRoot(context));
    for (const diagnostic of plan.diagnostics) tell(diagnostic);
    const output = options.output ?? `out/${imageName(plan)}`;
    const folder = resolve(context.root, output);
    await writePlan(plan, workspace, folder);
    logger.info(`Wrote ${output}`);
    for (const mode of options.verify ? (['deps', 'prod'] as const) : []) {
      const { ok, command, output: said } = await verifyInstall(folder, mode, plan.packageManager);
      if (!ok) {
        logger.error(`${mode}: \`${command}\` refuses it\n${said}`);
        return false;
      }
      logger.info(`${mode}: verified by \`${command}\``);
    }
    return true;
  });
}
