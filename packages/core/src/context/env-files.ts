import { posix } from 'node:path';
import type { Diagnostic, FileEntry } from '../model.ts';

/** The name of `.env` and `.env.<mode>`, but for the examples and licences that repositories keep beside them. */
export const envFileName = /^\.env(?!.*\.(?:example|sample|template|dist|defaults?|schema|license)$)(?:\..+)?$/;

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
  diagnostics.push({
    level: 'warning',
    code: 'env-file-in-build',
    message: `${file.path} ${file.tracked ? 'is committed' : 'is there, and no git to ask whether it is committed'}, so the build stage gets it; the running image does not.`,
    file: file.path,
    hint: 'Keep no secret in it; pass the environment of the running app when it starts.',
  });
  return true;
}
