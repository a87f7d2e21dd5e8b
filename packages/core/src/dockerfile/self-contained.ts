import { posix } from 'node:path';
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

/** How the first stage of a self-contained Dockerfile calls Stowage, and where it finds the workspace. */
export interface PackingStage {
  /** A version to install from the registry, or the words of a command that is there. */
  readonly program: { readonly version: string } | { readonly command: string };
  /** The workspace root's folder in the build context; `.` where it is the context. */
  readonly below: string;
}

/** Where the packing stage has the build context. */
const context = '/repository';

/**
 * The image of a plan for platforms that only run `docker build .`: a first stage runs Stowage on the repository, mounted read-only, and
 * its output takes the place of the written folder. BuildKit compares contents: where the output is equal every later layer is kept.
 */
export function selfContained({ app, files, stages }: PackPlan, { program, below }: PackingStage): SelfContained {
  const base = stages.find(({ name }) => name === 'base') as Stage;
  const [setup, command] = 'version' in program ? [[run([`npm install --global stowage@${program.version}`])], 'stowage'] : [[], program.command];
  const packing: Stage = {
    name: 'stowage',
    from: base.from,
    platform: 'build',
    instructions: [
      ...setup,
      run([`${command} prune ${shellWord(app.id)} --cwd ${shellWord(posix.join(context, below))} --out /out`], [bindContext(context)]),
    ],
  };
  const parts: ReadonlySet<string> = new Set(folderStages);
  const rest = stages.map((stage) =>
    parts.has(stage.name) ? { ...stage, instructions: [copyFrom('stowage', `/out/${stage.name.replace('stowage-', '')}/`, '/')] } : stage,
  );
  const ignored = ['**/node_modules', '**/.git', posix.join(below, 'out'), ...envFiles(files, below)];
  return { dockerfile: renderDockerfile(app.name, [packing, ...rest]), dockerignore: `${ignored.join('\n')}\n` };
}

/** Git is not there in the packing stage to tell committed env files from others: only those that are planned now may get there. */
function envFiles(files: PackPlan['files'], below: string): string[] {
  const planned = files.flatMap((file) => ('copyFrom' in file && posix.basename(file.copyFrom).startsWith('.env') ? [file.copyFrom] : []));
  return ['**/.env', '**/.env.*', ...planned.map((path) => `!${posix.join(below, path)}`)];
}

/** The command of a program that lies in the workspace. */
export function programInWorkspace(path: string, below: string): PackingStage['program'] {
  return { command: `node ${shellWord(posix.join(context, below, path))}` };
}

/**
 * How a generated Dockerfile packs the repository by itself, or undefined where it does not.
 * @param version what it would install today
 */
export function packingStageOf(dockerfile: string, version: string): PackingStage | undefined {
  const pattern =
    /^FROM .* AS stowage\n(RUN npm install .*\n)?RUN --mount=type=bind,target=\S+ \\\n +(.+) prune \S+ --cwd '?([^\s']+)'? --out \/out$/m;
  const [, installed, command = '', root = ''] = pattern.exec(dockerfile) ?? [];
  if (root === '') return undefined;
  return { program: installed === undefined ? { command } : { version }, below: posix.relative(context, root) || '.' };
}
