import type { Rule } from '../finding.ts';
import { installsOf } from '../install-commands.ts';

export const unfrozen: Rule = (stages, { packageManager }) =>
  stages.flatMap((stage) =>
    installsOf(stage, packageManager)
      .filter((install) => install.unfrozen && stage.instructions.includes(install.instruction))
      .map(({ instruction: { line }, frozen }) => ({
        line,
        code: 'unfrozen-install',
        message: 'The install may take other versions than the lockfile names.',
        hint: `Write ${frozen}.`,
      })),
  );
