import { posix } from 'node:path';
import type { Diagnostic, FileEntry } from '../model.ts';

/** How the examples and licences end that repositories keep beside their env files. */
const beside = ['example', 'sample', 'template', 'dist', 'default', 'defaults', 'schema', 'license'];

/** The name of `.env` and `.env.<mode>`. */
export const envFileName = new RegExp(`^\\.env(?!.*\\.(?:${beside.join('|')})$)(?:\\..+)?$`);

/** The shell command that removes env files below a folder, but for those that an installed package brings. */
export function removeEnvFiles(folder: string): string {
  const others = beside.map((ending) => `! -name '*.${ending}'`).join(' ');
  return `find ${folder} -name node_modules -prune -o -type f \\( -name .env -o -name '.env.*' \\) ${others} -exec rm -f {} +`;
}

export function isEnvFile(path: string): boolean {
  return envFileName.test(posix.basename(path));
}

/**
 * A committed env file is read by builds (Vite, Next) and enters their stage, said aloud; a local or untracked one never does. Without git, as in a
 * container that packs by itself, what no ignore file names is taken for committed.
 */
export function mayEnterContext(file: FileEntry, diagnostics: Diagnostic[]): boolean {
  const local = file.path.endsWith('.local');
  if (local || file.tracked === false) {
    diagnostics.push({
      level: 'info',
      code: 'env-file-left-out',
      message: `${file.path} stays out of the build: ${local ? 'it is for one machine' : 'git does not track it'}.`,
      file: file.path,
    });
    return false;
  }
  if (file.mode === '120000') return true; // what it leads to is asked itself
  diagnostics.push({
    level: 'warning',
    code: 'env-file-in-build',
    message: `${file.path} ${file.tracked ? 'is committed' : 'is there, and no git to ask whether it is committed'}, so the build stage gets it; the running image does not.`,
    file: file.path,
    hint: 'Keep no secret in it; pass the environment of the running app when it starts.',
  });
  return true;
}
