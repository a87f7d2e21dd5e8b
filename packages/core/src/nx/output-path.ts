import { posix } from 'node:path';
import type { Files, Importer } from '../model.ts';
import { scriptNames } from '../paths.ts';

/**
 * Where a bundler's configuration on top of a project says that it writes, from the workspace root, as far as it is literal: `outDir`, `path` of
 * webpack's `output`, or `outputPath` of Nx's plugins, which is the root's unless it starts with a dot.
 */
export function pathFromConfig({ id }: Importer, files: Files): string | undefined {
  for (const bundler of ['webpack', 'rspack', 'vite', 'rsbuild', 'rollup']) {
    for (const name of scriptNames(`${bundler}.config`)) {
      const text = files.read(posix.join(id, name));
      const [, key, join, , path] = LITERAL.exec(text ?? '') ?? [];
      if (path !== undefined) return key === 'outputPath' && join === undefined && !path.startsWith('.') ? path : posix.join(id, path);
    }
  }
  return undefined;
}

const LITERAL =
  /\b(outDir|outputPath|path)\s*:\s*((?:[\w.]+\.)?(?:join|resolve)\(\s*(?:__dirname|import\.meta\.dirname)\s*,\s*)?(['"`])([^'"`$\n]+)\3/;
