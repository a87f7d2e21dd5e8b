import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = {
  '@stowage/core/recognise': fileURLToPath(new URL('packages/core/src/recognise.ts', import.meta.url)),
  '@stowage/core': fileURLToPath(new URL('packages/core/src/index.ts', import.meta.url)),
};
const project = (name: string, seconds: number, sideBySide = true) => ({
  resolve: { alias },
  define: { STOWAGE_VERSION: '"0.0.0"' },
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
    fileParallelism: sideBySide,
    isolate: name !== 'unit', // to load the TypeScript compiler for each of many files takes longer than most of their tests
  },
});

export default defineConfig({
  test: {
    projects: [project('unit', 60), project('install', 600), project('docker', 1200, false), project('nx', 1200, false)],
    passWithNoTests: false,
  },
});
