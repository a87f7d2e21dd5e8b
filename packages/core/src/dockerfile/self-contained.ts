import type { PackPlan, Stage } from '../model.ts';
import { shellWord } from '../shell-word.ts';
import { folderStages } from './plan-stages.ts';
import { renderDockerfile } from './render.ts';
import { bindContext, copyFrom, run } from './syntax.ts';

/** A Dockerfile for the repository's root, and what must stand in `<its name>.dockerignore` beside it. */
export interface SelfContained {
  readonly dockerfile: string;
  readonly dockerignore: string;
}

/**
 * The image of a plan for platforms that only run `docker build .`: a first stage runs Stowage on the repository, mounted read-only, and
 * its output takes the place of the written folder. BuildKit compares contents: where the output is equal every later layer is kept.
 * @param program words of the command that is Stowage in that stage, such as `npx --yes stowage@1.2.3`
 * @param below the workspace root's folder in the build context; `.` where it is the context
 */
export function selfContained({ app, stages }: PackPlan, program: string, below = '.'): SelfContained {
  const base = stages.find(({ name }) => name === 'base') as Stage;
  const root = below === '.' ? '/repository' : `/repository/${below}`;
  const packing: Stage = {
    name: 'stowage',
    from: base.from,
    instructions: [run([`${program} prune ${shellWord(app.id)} --cwd ${shellWord(root)} --out /out`], [bindContext('/repository')])],
  };
  const parts: ReadonlySet<string> = new Set(folderStages);
  const rest = stages.map((stage) =>
    parts.has(stage.name) ? { ...stage, instructions: [copyFrom('stowage', `/out/${stage.name.replace('stowage-', '')}/`, '/')] } : stage,
  );
  const output = below === '.' ? 'out' : `${below}/out`;
  return { dockerfile: renderDockerfile(app.name, [packing, ...rest]), dockerignore: `**/node_modules\n**/.git\n${output}\n` };
}
