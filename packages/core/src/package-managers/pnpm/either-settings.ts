import { ErrorCode, StowageError } from '../../errors.ts';
import type { Diagnostic, Files } from '../../model.ts';
import { npmrcValues } from '../npmrc.ts';
import { SETTINGS_FILE, type WorkspaceSettings } from './workspace-settings.ts';

/** A setting that may stand in pnpm-workspace.yaml or in `.npmrc`, under its name there. */
function setting(settings: WorkspaceSettings, files: Files, inSettings: string, inNpmrc: string): string | undefined {
  const value = settings.values[inSettings];
  return value === undefined ? npmrcValues(files.read('.npmrc') ?? '', inNpmrc).at(-1) : String(value);
}

/** Paths of pnpmfiles that the settings name. */
export function pnpmfileSetting(settings: WorkspaceSettings, files: Files): string[] {
  const value = settings.values.pnpmfile;
  return value === undefined ? npmrcValues(files.read('.npmrc') ?? '', 'pnpmfile') : [value].flat().map(String);
}

/** @throws StowageError InvalidSettings */
export function rejectSeparateLockfiles(settings: WorkspaceSettings, files: Files): void {
  if (setting(settings, files, 'sharedWorkspaceLockfile', 'shared-workspace-lockfile') !== 'false') return;
  throw new StowageError(
    ErrorCode.InvalidSettings,
    'sharedWorkspaceLockfile=false: each workspace has a lockfile of its own, and Stowage reads one',
    {
      where: { file: settings.values.sharedWorkspaceLockfile === undefined ? '.npmrc' : SETTINGS_FILE, key: 'sharedWorkspaceLockfile' },
      hint: 'Set it to true, run `pnpm install` and commit pnpm-lock.yaml.',
    },
  );
}

export function tellBranchLockfiles(settings: WorkspaceSettings, files: Files): Diagnostic[] {
  if (setting(settings, files, 'gitBranchLockfile', 'git-branch-lockfile') !== 'true') return [];
  const branches = files.list.filter(({ path }) => /^pnpm-lock\.[\w.!-]+\.yaml$/.test(path)).map(({ path }) => path);
  return [
    {
      level: 'warning',
      code: 'git-branch-lockfile',
      message: `gitBranchLockfile is set, and what is installed is pnpm-lock.yaml${branches.length > 0 ? `, not ${branches.join(' or ')}` : ''}.`,
      file: 'pnpm-lock.yaml',
      hint: 'Run `pnpm install --merge-git-branch-lockfiles` and commit pnpm-lock.yaml.',
    },
  ];
}
