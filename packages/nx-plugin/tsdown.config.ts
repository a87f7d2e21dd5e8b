import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsdown';

const version: string = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')).version;
const parts = ['executors/docker/executor', 'executors/prune/executor', 'executors/run/executor'].concat(
  ['init', 'remove', 'dockerfile'].map((name) => `generators/${name}/generator`),
);

export default defineConfig({
  entry: Object.fromEntries(['index', 'plan-hash', ...parts].map((name) => [name, `src/${name}.ts`])),
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  dts: true,
  fixedExtension: false,
  define: { STOWAGE_VERSION: JSON.stringify(version) },
  copy: parts.map((name) => name.replace(/[^/]+$/, '')).map((folder) => ({ from: `src/${folder}schema.json`, to: `dist/${folder}` })),
});
