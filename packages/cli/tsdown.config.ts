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
  clean: false,
  deps: { alwaysBundle: [/.*/], onlyBundle: false },
  inputOptions: { resolve: { mainFields: ['module', 'main'] } },
  outputOptions: { codeSplitting: false },
};

/** Two files that run without node_modules, copied alone: the program, and ts-morph, which only the reading of imports loads. */
export default defineConfig([
  {
    ...oneFile,
    entry: { bin: 'src/bin.ts' },
    outExtensions: () => ({ js: '.js' }),
    define: { STOWAGE_VERSION: JSON.stringify(version) },
    alias: { '@stowage/core': fileURLToPath(new URL('../core/src/index.ts', import.meta.url)) },
    plugins: [
      {
        name: 'ts-morph-apart',
        resolveId: { order: 'pre', filter: { id: /^ts-morph$/ }, handler: () => ({ id: './ts-morph.mjs', external: true }) },
      },
    ],
  },
  { ...oneFile, entry: { 'ts-morph': 'src/ts-morph.ts' }, outExtensions: () => ({ js: '.mjs' }) },
]);
