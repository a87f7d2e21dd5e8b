import { chmodSync, constants, copyFile, statSync } from 'node:fs';

/** Both paths are absolute; the target's folder is there once the copy is asked for. */
export interface Copy {
  readonly source: string;
  readonly target: string;
  readonly mode: number;
}

/** As many as Node.js has threads for files. */
const AT_ONCE = 4;

/**
 * Copies files, as clones where the file system can. A copy is asked for when a thread is free: what is done to come to the next one, such as making
 * its folder, is done while others are copied. Callbacks, as promises of `fs/promises` take twice the time for thousands of small files. Ends when no
 * copy is under way any more, then throws the first error.
 */
export function copyFiles(copies: Iterator<Copy>): Promise<void> {
  return new Promise((resolve, reject) => {
    let running = 0;
    let failed: Error | undefined;
    const ask = (): Copy | undefined => {
      try {
        return failed === undefined ? copies.next().value : undefined;
      } catch (cause) {
        failed = cause as Error;
        return undefined;
      }
    };
    const next = (): void => {
      const copy = ask();
      if (copy !== undefined) start(copy);
      else if (running === 0 && failed === undefined) resolve();
      else if (running === 0) reject(failed);
    };
    const start = ({ source, target, mode }: Copy): void => {
      running++;
      const copied = statSync(source, { throwIfNoEntry: false })?.mode; // a copy has the mode of its source
      copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL, (error) => {
        running--;
        try {
          if (error !== null) throw error;
          if (copied === undefined || (copied & 0o7777) !== mode) chmodSync(target, mode);
        } catch (cause) {
          failed ??= cause as Error;
        }
        next();
      });
    };
    for (let thread = 0; thread < AT_ONCE; thread++) next();
  });
}
