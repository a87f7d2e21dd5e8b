import type { Preset } from '../preset.ts';

/** Built files of a tool that no preset knows: taken where the config names it. */
export const staticFiles: Preset = {
  id: 'static',
  detect: () => undefined,
  plan: ({ config }) => ({ kind: 'static', output: config.output ?? 'dist', publicPath: config.publicPath ?? '/', fallback: undefined, hashed: [] }),
};
