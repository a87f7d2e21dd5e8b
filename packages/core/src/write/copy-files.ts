import { chmodSync, constants, copyFile } from 'node:fs';

/** Both paths are absolute; the target's folder is there. */
export interface Copy {
  readonly source: string;
  readonly target: string;
  readonly mode: number;
}

/** As many as Node.js has threads for files. */
const AT_ONCE = 4;

/**
 * Copies files, as clones where the file system can. Callbacks, as promises of `fs/promises` take twice the time for thousands of small files. Ends
 * when no copy is under way any more, then throws the first error.
 */
export function copyFiles(copies: readonly Copy[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const left = copies.values();
    let running = 0;
    let failed: Error | undefined;
    const next = (): void => {
      const { value: copy } = failed === undefined ? left.next() : { value: undefined };
      if (copy !== undefined) start(copy);
      else if (running === 0 && failed === undefined) resolve();
      else if (running === 0) reject(failed);
    };
    const start = ({ source, target, mode }: Copy): void => {
      running++;
      copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL, (error) => {
        running--;
        try {
          if (error !== null) throw error;
          chmodSync(target, mode);
        } catch (cause) {
          failed ??= cause as Error;
        }
        next();
      });
    };
    for (let thread = 0; thread < Math.max(1, Math.min(AT_ONCE, copies.length)); thread++) next();
  });
}
