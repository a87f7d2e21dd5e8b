import { posix } from 'node:path';
import type { AppConfig } from '../config/schema.ts';
import { ErrorCode, StowageError } from '../errors.ts';
import type { Importer } from '../model.ts';

/**
 * The globs of `runtimeInclude` that lead out of the app's folder (`../../docker/start.sh`), from the workspace root.
 * @throws StowageError InvalidConfig for one that leaves the workspace
 */
export function outerGlobs({ id, name }: Importer, { runtimeInclude = [] }: AppConfig): string[] {
  return runtimeInclude
    .filter((glob) => glob.startsWith('../'))
    .map((glob) => {
      const fromRoot = posix.join(id, glob);
      if (!fromRoot.startsWith('..')) return `/${fromRoot}`;
      throw new StowageError(ErrorCode.InvalidConfig, `"${glob}" leaves the workspace.`, {
        where: { key: 'runtimeInclude' },
        hint: `Globs are relative to the folder of ${name}, ${id}.`,
      });
    });
}
