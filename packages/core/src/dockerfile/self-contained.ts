import type { PackPlan, Stage } from '../model.ts';
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
 * @param stowage words of the command that is Stowage in that stage, such as `npx --yes stowage@1.2.3`
 */
export function selfContained({ app, stages }: PackPlan, stowage: string): SelfContained {
  const base = stages.find(({ name }) => name === 'base') as Stage;
  const packing: Stage = {
    name: 'stowage',
    from: base.from,
    instructions: [run([`${stowage} prune ${app.id} --cwd /repository --out /out`], [bindContext('/repository')])],
  };
  const parts: ReadonlySet<string> = new Set(folderStages);
  const rest = stages.map((stage) =>
    parts.has(stage.name) ? { ...stage, instructions: [copyFrom('stowage', `/out/${stage.name.replace('stowage-', '')}/`, '/')] } : stage,
  );
  return { dockerfile: renderDockerfile(app.name, [packing, ...rest]), dockerignore: '**/node_modules\n**/.git\nout\n' };
}
