import { posix } from 'node:path';
import { isSource, scanImports } from '../../closure/imports/scan-imports.ts';
import { bareSpecifier, isRelative } from '../../closure/imports/specifier.ts';
import { readTsconfig, resolveTsconfig, type Tsconfig, type TsconfigContext } from '../../closure/imports/tsconfig.ts';
import type { Files } from '../../model.ts';
import { joinPath, parentOf } from '../../paths.ts';
import { pathLiterals } from './path-literals.ts';
import { shellPaths } from './script-paths.ts';

/**
 * How a file is read.
 * - `project`: a tsconfig that a compiler is started with; `base`: one that is only extended, whose files and references do not count.
 * - `program`: a script or configuration that runs: its imports, and the paths in its strings.
 * - `module`: its imports alone.
 */
export type Reading = 'project' | 'base' | 'program' | 'module';

/** A path, relative to the root, that a file names. Nothing may be there. */
export interface Named {
  readonly path: string;
  readonly because: string;
  /**
   * `import`: it is loaded for sure; `literal`: a string, perhaps no path at all; `mapping`: loaded if something imports it;
   * `environment`: a folder of .env files; `target`: the options of the target that builds a project name it, whoever's it is.
   */
  readonly as: 'import' | 'literal' | 'mapping' | 'environment' | 'target';
  readonly reading: Reading;
}

/** What a file names, in order. `cwd` is where its tool runs, if that is known. */
export function namesInFile(path: string, reading: Reading, cwd: string | undefined, context: TsconfigContext): readonly Named[] {
  if (reading === 'project' || reading === 'base') {
    const config = readTsconfig(path, context.files);
    return config === undefined ? [] : namesInTsconfig(config, reading, context);
  }
  if (isSource(path)) return [...importsOf(path, context.files), ...(reading === 'program' ? literalsOf(path, cwd, context.files) : [])];
  if (reading === 'module') return [];
  if (/\.(?:ba)?sh$/.test(path)) return shellNames(path, cwd, context.files);
  return /(?:\.json|rc)$/.test(path) ? literalsOf(path, cwd, context.files) : [];
}

function namesInTsconfig(config: Tsconfig, reading: 'project' | 'base', context: TsconfigContext): readonly Named[] {
  const { path } = config;
  const folder = parentOf(path);
  const named = (verb: string, targets: readonly (string | undefined)[], rest: Pick<Named, 'as' | 'reading'>): Named[] =>
    targets.filter((target) => target !== undefined).map((target) => ({ path: target, because: `${path} ${verb} it`, ...rest }));
  const beside = (target: string) => joinPath(folder, target.replace(/^\$\{configDir\}/, '.'));
  const mapped = Object.values(config.paths ?? {})
    .flat()
    .map((target) => joinPath(folder, config.baseUrl ?? '.', target));
  const parents = config.extends.map(({ specifier }) => resolveTsconfig(specifier, path, context));
  const references = config.references.map((reference) => resolveTsconfig(isRelative(reference) ? reference : `./${reference}`, path, context));
  const inputs = [...config.files, ...config.include].map(beside);
  return [
    ...named('extends', parents, { as: 'import', reading: 'base' }),
    ...named('maps an import to', mapped, { as: 'mapping', reading: 'module' }),
    ...named('reads types from', config.typeRoots.map(beside), { as: 'literal', reading: 'module' }),
    ...(reading === 'base' ? [] : named('references', references, { as: 'import', reading: 'project' })),
    ...(reading === 'base' ? [] : named('includes', inputs, { as: 'literal', reading: 'module' })),
  ];
}

function importsOf(path: string, files: Files): readonly Named[] {
  return scanImports(files.read(path) ?? '').flatMap((specifier): Named[] => {
    const target = isRelative(specifier) ? joinPath(parentOf(path), bareSpecifier(specifier)) : undefined;
    return target === undefined ? [] : [{ path: target, because: `${path} imports it`, as: 'import', reading: 'program' }];
  });
}

function literalsOf(path: string, cwd: string | undefined, files: Files): readonly Named[] {
  const folders = new Set([parentOf(path), cwd ?? parentOf(path)]);
  return pathLiterals(files.read(path) ?? '').flatMap(({ path: literal, envFolder }) =>
    [...folders].flatMap((folder): Named[] => {
      const target = joinPath(folder, literal);
      if (target === undefined) return [];
      return [{ path: target, because: `${path} names it`, as: envFolder ? 'environment' : 'literal', reading: readingOf(target) }];
    }),
  );
}

function shellNames(path: string, cwd: string | undefined, files: Files): readonly Named[] {
  const folders = new Set([parentOf(path), cwd ?? parentOf(path)]);
  const text = (files.read(path) ?? '').replace(/^\s*#.*$/gm, '');
  return [...folders].flatMap((folder) => namesInCommand(text, folder, `${path} names it`));
}

/** What a shell command names that runs in a folder. */
export function namesInCommand(command: string, folder: string, because: string): readonly Named[] {
  return shellPaths(command, folder).map((path) => ({ path, because, as: 'import', reading: readingOf(path) }));
}

function readingOf(path: string): Reading {
  return /^[jt]sconfig\b.*\.json$/.test(posix.basename(path)) ? 'project' : 'program';
}
