import type { Files, Importer } from '../../model.ts';
import { joinPath, parentOf } from '../../paths.ts';

const withEndings = (stem: string, endings: readonly string[]) => endings.map((ending) => stem + ending);
const CODE = ['.js', '.cjs', '.mjs', '.ts', '.cts', '.mts', '.json'];

/** What tools look for in a package's folder and then in each folder above, with the field of package.json that stands for it. */
const LOOKUPS: readonly { readonly names: readonly string[]; readonly field?: string }[] = [
  { names: withEndings('babel.config', CODE) },
  { names: withEndings('.babelrc', ['', ...CODE]), field: 'babel' },
  { names: [...withEndings('postcss.config', CODE), ...withEndings('.postcssrc', ['', '.yaml', '.yml', ...CODE])], field: 'postcss' },
  { names: ['.browserslistrc'], field: 'browserslist' },
  { names: ['.swcrc'] },
];

/** Every .gitignore above an importer: Tailwind, for one, searches all sources that none of them names, and would find what other builds wrote. */
export function ignoreFilesAbove(importer: Importer, files: Files): readonly string[] {
  const found: string[] = [];
  for (let folder = importer.id; folder !== '.'; ) {
    folder = parentOf(folder);
    const path = joinPath(folder, '.gitignore') ?? '.gitignore';
    if (files.get(path) !== undefined) found.push(path);
  }
  return found;
}

/** The files above an importer that Babel, PostCSS, browserslist and SWC come upon when they look upward from it: of each the nearest. */
export function filesAbove(importer: Importer, files: Files): readonly string[] {
  return LOOKUPS.flatMap(({ names, field }) => {
    const inFolder = (folder: string) =>
      names.map((name) => (folder === '.' ? name : `${folder}/${name}`)).filter((path) => files.get(path) !== undefined);
    if ((field !== undefined && importer.manifest[field] !== undefined) || inFolder(importer.id).length > 0) return [];
    for (let folder = importer.id; folder !== '.'; ) {
      folder = parentOf(folder);
      const found = inFolder(folder);
      if (found.length > 0) return found;
    }
    return [];
  });
}
