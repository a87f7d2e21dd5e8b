import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsdown';

const version: string = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')).version;

/** What reads syntax trees, with ts-morph and the TypeScript compiler inside it: 7 MB that only a dynamic import loads. */
const syntaxTrees = /closure[\\/]imports[\\/](parse-|evaluate-)|node_modules[\\/](ts-morph|@ts-morph|typescript)[\\/]/;
/** What `--help`, `--version` and a misspelt option need. */
const start = /packages[\\/]cli[\\/]src[\\/][^\\/]+\.ts|node_modules[\\/](commander|picocolors)[\\/]/;

/** Three files that run without node_modules, copied alone: bin.js starts, core.js does the work, imports.js reads syntax trees. */
export default defineConfig({
  entry: { bin: 'src/bin.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  dts: false,
  shims: true,
  fixedExtension: false,
  hash: false,
  define: { STOWAGE_VERSION: JSON.stringify(version) },
  alias: { '@stowage/core': fileURLToPath(new URL('../core/src/index.ts', import.meta.url)) },
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
  inputOptions: { resolve: { mainFields: ['module', 'main'] }, preserveEntrySignatures: false },
  outputOptions: {
    strictExecutionOrder: true,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: 'imports', test: syntaxTrees, priority: 2 },
        { name: 'core', test: (id) => !start.test(id) && !syntaxTrees.test(id), priority: 1 },
      ],
    },
  },
});
