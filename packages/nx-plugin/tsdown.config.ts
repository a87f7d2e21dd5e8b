import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { index: 'src/index.ts', 'executors/docker/executor': 'src/executors/docker/executor.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  dts: true,
  fixedExtension: false,
  copy: [{ from: 'src/executors/docker/schema.json', to: 'dist/executors/docker' }],
});
