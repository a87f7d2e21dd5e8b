import type { Importer } from '../model.ts';
import { recordOf } from '../text.ts';
import { packagesOfProgram, programsOf } from './programs.ts';
import type { NxTarget } from './project.ts';
import type { ReachedTargets } from './reached-targets.ts';

/** What the commands of a build start: packages of the root, and the first program that no name of a package tells. */
export interface StartedPrograms {
  readonly packages: readonly string[];
  readonly untold: { readonly program: string; readonly command: string } | undefined;
}

/**
 * Which packages bring the programs that a project's build starts. A program that neither a package of the root's nor one of the project's own is
 * known to bring may be any package's.
 * @param listed names of the root's packages
 */
export function startedPrograms(member: Importer, reached: ReachedTargets, root: Importer, listed: ReadonlySet<string>): StartedPrograms {
  const { dependencies, devDependencies, optionalDependencies } = member.manifest;
  const own = new Set(Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }));
  const scripts = new Set([...Object.keys(member.manifest.scripts ?? {}), ...Object.keys(root.manifest.scripts ?? {})]);
  const packages = new Set<string>();
  let untold: StartedPrograms['untold'];
  for (const command of [...Object.values(reached.scripts), ...reached.targets.flatMap(commandsOf)]) {
    for (const program of programsOf(command, scripts)) {
      const found = packagesOfProgram(program).filter((name) => listed.has(name) || own.has(name));
      for (const name of found) packages.add(name);
      if (found.length === 0) untold ??= { program, command };
    }
  }
  return { packages: [...packages], untold };
}

function commandsOf({ command, options }: NxTarget): string[] {
  const all = [command, options?.command, ...(Array.isArray(options?.commands) ? options.commands : [])];
  return all.flatMap((each) => [each, recordOf(each).command]).filter((each): each is string => typeof each === 'string');
}
