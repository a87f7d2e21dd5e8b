import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'tsdown';

const version: string = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')).version;

const oneFile: UserConfig = {
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  dts: false,
  shims: true,
  fixedExtension: false,
  hash: false,
  clean: false,
  define: { STOWAGE_VERSION: JSON.stringify(version) },
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
  alias: { '@stowage/core': fileURLToPath(new URL('../core/src/index.ts', import.meta.url)) },
  inputOptions: { resolve: { mainFields: ['module', 'main'] } },
  outputOptions: { codeSplitting: false },
};

/** A dynamic import of what `test` knows becomes one of this file beside the program. */
const loadLater = (test: RegExp, file: string) => ({
  name: `load-later-${file}`,
  resolveId: {
    order: 'pre' as const,
    filter: { id: test },
    handler: (_id: string, _importer: string | undefined, { kind }: { kind: string }) =>
      kind === 'dynamic-import' ? { id: file, external: true } : undefined,
  },
});

/** V8 holds a text that is ASCII alone in half the memory, and reads it faster. Outside comments, which are gone, an escape means the same. */
const asciiAlone = {
  name: 'ascii-alone',
  generateBundle(_options: unknown, bundle: Readonly<Record<string, { code?: string }>>) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.code !== undefined)
        chunk.code = chunk.code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
    }
  },
};

/**
 * Three files that run without node_modules, copied alone. `bin.js` starts fast: it reads the command line. `core.js` does the work.
 * `syntax.js`, 7 MB with the TypeScript compiler in it, reads syntax trees and is loaded only where an import needs one.
 */
export default defineConfig([
  {
    ...oneFile,
    entry: { bin: 'src/bin.ts' },
    plugins: [loadLater(/\/commands\/all\.ts$/, './core.js')],
  },
  { ...oneFile, entry: { core: 'src/commands/all.ts' }, plugins: [loadLater(/\/parse-(imports|aliases)\.ts$/, './syntax.js'), asciiAlone] },
  { ...oneFile, entry: { syntax: 'src/syntax.ts' }, plugins: [asciiAlone] },
]);
