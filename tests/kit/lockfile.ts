import type { ParsedLockfile, TextFile } from '../../packages/core/src/model.ts';
import type { PackageManagerAdapter } from '../../packages/core/src/package-managers/adapter.ts';

/** A lockfile of a made-up workspace, read when it is first looked at. */
export function lockfileOf(adapter: PackageManagerAdapter, file: TextFile): ParsedLockfile {
  return {
    ...file,
    get parsed() {
      return adapter.parse(file);
    },
  };
}
