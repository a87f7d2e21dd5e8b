import { buildScript, configFile, dependsOn, inApp, literalOf, publicPathOf } from '../facts.ts';
import type { Preset } from '../preset.ts';

/** A single-page app built by Vite: an `index.html` of its own and no framework that renders on a server. */
export const vite: Preset = {
  id: 'vite',
  detect(app) {
    const config = configFile(app, 'vite.config');
    if (app.files.get(inApp(app, 'index.html')) === undefined || (config === undefined && !dependsOn(app, 'vite'))) return undefined;
    if (serverSide.some((name) => app.importer.manifest.dependencies?.[name] !== undefined)) return undefined;
    return `index.html and ${config?.name ?? 'a dependency on vite'}`;
  },
  plan(app) {
    const code = configFile(app, 'vite.config')?.code;
    return {
      kind: 'static',
      build: buildScript(app, /\bvite build\b/),
      output: app.config.output ?? literalOf(code, 'outDir') ?? 'dist',
      publicPath: publicPathOf(app.config.publicPath ?? literalOf(code, 'base')),
      fallback: 'index.html',
      hashed: [`${literalOf(code, 'assetsDir') ?? 'assets'}/`],
    };
  },
};

const serverSide = ['express', 'fastify', 'koa', 'hono', '@hapi/hapi', 'h3'];
