import type { PackageManagerId } from '../../model.ts';
import { historyOf, type Written, type WrittenStage } from './parse-stages.ts';

/** What a shell command installs of a workspace, or takes away of it. */
export interface InstallCommand {
  readonly program: 'npm' | 'pnpm' | 'yarn' | 'bun';
  /** It may install something else than the lockfile says. */
  readonly unfrozen: boolean;
  /** It installs no devDependencies, or takes them away. */
  readonly production: boolean;
  /** Whether it works on what another command has installed. */
  readonly reduces: boolean;
  /** How an install is written frozen. */
  readonly frozen: string;
}

/** The environment that an instruction sees, as far as installs look at it. */
interface Environment {
  /** npm, pnpm and yarn 1 then leave devDependencies out. */
  readonly production: boolean;
  /** pnpm and yarn berry then never change a lockfile. */
  readonly ci: boolean;
}

/** A command of a stage that installs, and the instruction it stands in. */
export type Install = InstallCommand & { readonly instruction: Written };

/** The installs of a stage and of those that it starts from, in order. */
export function installsOf(stage: WrittenStage, manager: PackageManagerId): Install[] {
  let environment: Environment = { production: false, ci: false };
  return historyOf(stage).flatMap((instruction) => {
    if (instruction.keyword === 'ENV') environment = withVariables(environment, instruction.variables);
    if (instruction.keyword !== 'RUN') return [];
    return commandsOf(instruction.text).flatMap((command) => {
      const found = installCommand(command, environment, manager);
      return found === undefined ? [] : [{ ...found, instruction }];
    });
  });
}

function withVariables(environment: Environment, variables: Written['variables']): Environment {
  const value = (name: string): string | null | undefined => variables.findLast((variable) => variable.name === name)?.value;
  const [mode, ci] = [value('NODE_ENV'), value('CI')];
  return {
    production: mode === undefined ? environment.production : mode === 'production',
    ci: ci === undefined ? environment.ci : !['', 'false', '0', null].includes(ci),
  };
}

/** The single commands of a shell text: of lists, conditions and groups, without the options of `RUN` before them. */
function commandsOf(shell: string): string[] {
  return shell
    .replace(/^(?:\s*--\w[\w-]*(?:=\S+)?)*/, '')
    .split(/&&|\|\||[;|\n]/)
    .map((command) => command.trim().replace(/^(?:(?:then|else|do|exec|time|sudo|env|\(|\{|!)\s+)*/, ''))
    .filter((command) => command !== '' && !command.startsWith('#'));
}

function installCommand(command: string, outer: Environment, manager: PackageManagerId): InstallCommand | undefined {
  const assigned = /^(?:[A-Za-z_]\w*=\S*\s+)*/.exec(command)?.[0] ?? '';
  const variables = [...assigned.matchAll(/(\w+)=(\S*)/g)].map(([, name = '', value = '']) => ({ name, value }));
  const environment = withVariables(outer, variables);
  const words = command.slice(assigned.length).split(/\s+/);
  if (words[0] === 'corepack') words.shift();
  const [program = '', ...rest] = words;
  const has = (...options: string[]): boolean => options.some((option) => rest.includes(option));
  if (!isProgram(program) || has('-g', '--global', 'global')) return undefined;
  const [verb = 'install', ...operands] = operandsOf(rest);
  const leavesOutDev = /\s(?:-P|--prod(?:uction)?(?:=true)?|--omit[ =]dev|--only[ =]prod\w*)(?=\s|$)/.test(` ${rest.join(' ')}`);
  const includesDev = has('--include=dev', '--dev', '--prod=false', '--production=false');
  const heeded = environment.production && !(program === 'yarn' && manager !== 'yarn-classic');
  const install = (frozen: string, unfrozen: boolean): InstallCommand | undefined =>
    operands.length > 0 ? undefined : { program, unfrozen, production: leavesOutDev || (heeded && !includesDev), reduces: false, frozen };

  if (['ci', 'clean-install'].includes(verb)) return install(command, false);
  if (verb === 'prune' || (program === 'pnpm' && verb === 'deploy')) {
    return { program, unfrozen: false, production: leavesOutDev || heeded, reduces: true, frozen: command };
  }
  if (program === 'yarn' && verb === 'workspaces' && operands[0] === 'focus') {
    return { program, unfrozen: false, production: leavesOutDev, reduces: false, frozen: command };
  }
  if (!['install', 'i'].includes(verb)) return undefined;
  if (program === 'npm') return install('npm ci', true);
  if (program === 'bun') return install('bun install --frozen-lockfile', !has('--frozen-lockfile'));
  if (program === 'pnpm') {
    const mayDiffer = has('--no-frozen-lockfile') || (!environment.ci && !has('--frozen-lockfile', '--frozen-lockfile=true', '--offline'));
    return install('pnpm install --frozen-lockfile', mayDiffer);
  }
  const classic = manager === 'yarn-classic';
  const mayDiffer = has('--no-immutable') || !(has('--frozen-lockfile', '--immutable') || (environment.ci && !classic));
  return install(classic ? 'yarn install --frozen-lockfile' : 'yarn install --immutable', mayDiffer);
}

function isProgram(word: string): word is InstallCommand['program'] {
  return ['npm', 'pnpm', 'yarn', 'bun'].includes(word);
}

/** Options of package managers that are followed by a value. */
const valued =
  /^(?:-C|-F|-w|--(?:cache|cache-dir|cache-folder|cwd|dir|filter|include|loglevel|mode|modules-folder|network-concurrency|network-timeout|omit|only|prefix|registry|reporter|store-dir|workspace))$/;

function operandsOf(words: readonly string[]): string[] {
  return words.filter((word, index) => !word.startsWith('-') && !valued.test(words[index - 1] ?? '') && !/^[<>\d&]/.test(word));
}
