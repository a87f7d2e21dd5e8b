import { buildScript, publicPathOf, startsOther, uses } from '../facts.ts';
import type { Preset } from '../preset.ts';

const BUILD = /\b(?:react-scripts|craco|react-app-rewired) build\b/;

/** An app of Create React App, also with its settings changed by craco or react-app-rewired; one that a program of its own serves is that program. */
export const createReactApp: Preset = {
  id: 'create-react-app',
  detect(app) {
    const script = buildScript(app, BUILD);
    if (!uses(app, 'react-scripts') || script === undefined || startsOther(app, /\b(?:react-scripts|craco|react-app-rewired) start\b/))
      return undefined;
    return `react-scripts, script "${script}"`;
  },
  plan(app) {
    const { homepage } = app.importer.manifest;
    const build = buildScript(app, BUILD);
    const folder = /\bBUILD_PATH=['"]?([\w./-]+)/.exec(app.importer.manifest.scripts?.[build ?? ''] ?? '')?.[1];
    return {
      kind: 'static',
      build,
      caches: ['node_modules/.cache'],
      output: app.config.output ?? folder ?? 'build',
      publicPath: publicPathOf(app.config.publicPath ?? (typeof homepage === 'string' ? homepage : undefined)),
      fallback: 'index.html',
      hashed: ['static/'],
    };
  },
};
