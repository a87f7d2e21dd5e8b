import { posix } from 'node:path';
import type { Files, Importer } from '../model.ts';

/** Where a bundler's configuration on top of a project says that it writes: `outDir`, or `path` of webpack's `output`, as far as it is literal. */
export function pathFromConfig({ id }: Importer, files: Files): string | undefined {
  for (const bundler of ['webpack', 'rspack', 'vite', 'rsbuild', 'rollup']) {
    for (const ending of ['js', 'ts', 'cjs', 'mjs', 'cts', 'mts']) {
      const text = files.read(posix.join(id, `${bundler}.config.${ending}`));
      const path = text === undefined ? undefined : literalPath(text);
      if (path !== undefined) return posix.join(id, path);
    }
  }
  return undefined;
}

const LITERAL =
  /\b(?:outDir|outputPath|path)\s*:\s*(?:(?:[\w.]+\.)?(?:join|resolve)\(\s*(?:__dirname|import\.meta\.dirname)\s*,\s*)?(['"`])([^'"`$\n]+)\1/;

function literalPath(text: string): string | undefined {
  return LITERAL.exec(text)?.[2];
}
