import { posix } from 'node:path';
import type { Rule } from '../finding.ts';
import { type InstallCommand, installsOf } from '../install-commands.ts';

const lockfiles: Readonly<Record<InstallCommand['program'], readonly string[]>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
  pnpm: ['pnpm-lock.yaml'],
  yarn: ['yarn.lock'],
  bun: ['bun.lock', 'bun.lockb'],
};

/** An install by a package manager of which the repository has no lockfile anywhere. */
export const otherManager: Rule = (stages, { packageManager, files }) => {
  const own = packageManager.replace(/-.*/, '');
  const names = new Set(files.list.map(({ path }) => posix.basename(path)));
  return stages.flatMap((stage) => {
    const installs = installsOf(stage, packageManager).filter(({ instruction }) => stage.instructions.includes(instruction));
    // a line that has a case for each package manager has one for this
    const served = new Set(installs.filter(({ program }) => program === own).map(({ instruction }) => instruction));
    return installs
      .filter(({ program, reduces, instruction }) => !reduces && program !== own && !served.has(instruction))
      .filter(({ program }) => !lockfiles[program].some((name) => names.has(name)))
      .map(({ program, instruction: { line } }) => ({
        line,
        code: 'other-package-manager',
        message: `${program} installs, and the repository has no lockfile of it: it is locked by ${own}.`,
        hint: `Copy the lockfile of ${own} and install with it.`,
      }));
  });
};
