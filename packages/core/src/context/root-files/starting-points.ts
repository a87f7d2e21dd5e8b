import { isBuildConfig } from '../../closure/imports/file-role.ts';
import { tsconfigsOf } from '../../closure/imports/tsconfig.ts';
import type { FileEntry, Files, Importer } from '../../model.ts';
import { buildPaths } from '../../nx/build-paths.ts';
import { parentOf, withinImporter } from '../../paths.ts';
import { filesAbove, ignoreFilesAbove } from './lookups.ts';
import { type Named, namesInCommand } from './names-in-file.ts';
import { buildScripts } from './script-paths.ts';

/** From where the search for root files starts in a package; the same for every app that has it in its closure. */
export interface StartingPoints {
  /** The package's links and the configurations of its build, in the order of the list. */
  readonly own: readonly { readonly path: string; readonly link: boolean }[];
  readonly tsconfigs: readonly string[];
  /** What tools find by looking upward. */
  readonly above: readonly string[];
  readonly ignoreFiles: readonly string[];
  /** What the options of Nx's targets name. */
  readonly targets: readonly Named[];
  /** What the scripts of its builds name, which run in its folder. */
  readonly named: readonly Named[];
}

export function startingPoints(importer: Importer, own: readonly FileEntry[], files: Files): StartingPoints {
  // A manifest comes as it was parsed: a script may be no string.
  const scripts = Object.fromEntries(Object.entries(importer.manifest.scripts ?? {}).filter(([, command]) => typeof command === 'string'));
  const isStart = ({ path, mode }: FileEntry): boolean =>
    mode === '120000' || (parentOf(path) === importer.id && isBuildConfig(withinImporter(path, importer.id)));
  return {
    own: own.filter(isStart).map(({ path, mode }) => ({ path, link: mode === '120000' })),
    tsconfigs: tsconfigsOf(importer, files, own),
    above: filesAbove(importer, files),
    ignoreFiles: ignoreFilesAbove(importer, files),
    targets: buildPaths(importer, files).map((path) => ({
      path,
      because: `the build of ${importer.name} names it`,
      as: 'target',
      reading: 'module',
    })),
    named: buildScripts(scripts).flatMap((name) => namesInCommand(scripts[name] ?? '', importer.id, `script "${name}" of ${importer.name} names it`)),
  };
}
