import { isInside } from '../../../paths.ts';
import type { Facts, Rule } from '../finding.ts';
import { installsOf } from '../install-commands.ts';
import { historyOf, type Written } from '../parse-stages.ts';

/** Sources below the first install of a stage; one that works on another's install is beside the point. */
export const sourcesFirst: Rule = (stages, facts) =>
  stages.flatMap((stage) => {
    const [install] = installsOf(stage, facts.packageManager);
    if (install === undefined || install.reduces || !stage.instructions.includes(install.instruction)) return [];
    const history = historyOf(stage);
    const copy = history.slice(0, history.indexOf(install.instruction)).find((instruction) => copiesSources(instruction, facts));
    if (copy === undefined || history.slice(0, history.indexOf(copy)).some(fetches)) return [];
    return [
      {
        line: copy.line,
        code: 'sources-before-install',
        message: `The sources are copied before the install in line ${install.instruction.line}: any change of them installs again.`,
        hint: 'Copy manifests and lockfile first, install, then copy the sources.',
      },
    ];
  });

/** `pnpm fetch` fills the store from the lockfile alone, so that an install over the sources only links. */
function fetches({ keyword, text }: Written): boolean {
  return keyword === 'RUN' && /\bpnpm\s+(?:-\S+\s+)*fetch\b/.test(text);
}

/** Whole packages, from the build context or from what `turbo prune --docker` makes of it. */
function copiesSources({ from, sources }: Written, { importers, inRoot }: Facts): boolean {
  if (from !== undefined) return sources.some((path) => /(?:^|\/)out\/full(?:\/|$)/.test(path));
  return sources.map(inRoot).some((path) => path === '.' || importers.some(({ id }) => id !== '.' && isInside(id, path)));
}
