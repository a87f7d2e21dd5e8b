/** What a shell command installs of a workspace. */
export interface InstallCommand {
  /** It may install something else than the lockfile says. */
  readonly unfrozen: boolean;
  /** It installs no devDependencies, or takes them away. */
  readonly production: boolean;
  /** How the same command is written frozen. */
  readonly frozen: string;
}

/** The commands of a `RUN` that install a workspace's dependencies or reduce them to those of production. */
export function installCommands(shell: string, productionEnvironment: boolean): InstallCommand[] {
  return shell
    .split(/&&|\|\||;|\n/)
    .map((command) => command.replace(/^(?:\s*--\w[\w-]*(?:=\S+)?)*\s*/, '').replace(/^(?:[A-Za-z_]\w*=\S*\s+)*/, ''))
    .flatMap((command) => installCommand(command.trim(), productionEnvironment) ?? []);
}

function installCommand(command: string, productionEnvironment: boolean): InstallCommand | undefined {
  const words = command.split(/\s+/);
  const has = (...options: string[]): boolean => options.some((option) => words.includes(option));
  if (has('-g', '--global', 'global')) return undefined;
  const leavesOutDev =
    has('--prod', '-P', '--production', '--omit=dev', '--production=true', '--prod=true') || /--omit[ =]dev|--only[ =]prod/.test(command);
  const production = leavesOutDev || (productionEnvironment && !has('--include=dev', '--prod=false', '--production=false'));
  const [program, verb = ''] = words;
  if (program === 'npm' && ['ci', 'clean-install'].includes(verb)) return { unfrozen: false, production, frozen: command };
  if (program === 'npm' && verb === 'prune') return { unfrozen: false, production, frozen: command };
  if (program === 'npm' && ['install', 'i'].includes(verb) && !namesPackage(words)) return { unfrozen: true, production, frozen: 'npm ci' };
  if (program === 'pnpm' && /\bdeploy\b/.test(command)) return { unfrozen: false, production, frozen: command };
  if (program === 'pnpm' && /\b(?:install|i|prune)\b/.test(command)) {
    return { unfrozen: !/\bprune\b/.test(command) && !has('--frozen-lockfile', '--offline'), production, frozen: 'pnpm install --frozen-lockfile' };
  }
  if (program === 'yarn' && /^yarn workspaces focus\b/.test(command)) return { unfrozen: false, production, frozen: command };
  if (program === 'yarn' && (words.length === 1 || verb === 'install' || verb.startsWith('--'))) {
    return { unfrozen: !has('--frozen-lockfile', '--immutable'), production, frozen: 'yarn install --immutable (yarn 1: --frozen-lockfile)' };
  }
  if (program === 'bun' && ['install', 'i'].includes(verb)) {
    return { unfrozen: !has('--frozen-lockfile'), production, frozen: 'bun install --frozen-lockfile' };
  }
  return undefined;
}

/** `npm install turbo` adds a tool; it installs no workspace. */
function namesPackage(words: readonly string[]): boolean {
  return words.slice(2).some((word) => !word.startsWith('-'));
}
