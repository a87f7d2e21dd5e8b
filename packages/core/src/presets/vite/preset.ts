import { dependsOn, findScript, inApp, literalOf, publicPathOf } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';

/** A single-page app built by Vite: an `index.html` of its own and no framework that renders on a server. */
export const vite: Preset = {
  id: 'vite',
  detect(app) {
    const config = findScript(app, 'vite.config');
    const page = inApp(app, 'index.html');
    if (app.files.get(page) === undefined || (config === undefined && !dependsOn(app, 'vite'))) return undefined;
    if (serverSide.some((name) => app.importer.manifest.dependencies?.[name] !== undefined)) return undefined;
    return `index.html and ${config === undefined ? 'a dependency on vite' : config.slice(config.lastIndexOf('/') + 1)}`;
  },
  plan(app) {
    const text = configText(app);
    const output = app.config.output ?? literalOf(text, 'outDir') ?? 'dist';
    return {
      kind: 'static',
      output,
      publicPath: publicPathOf(app.config.publicPath ?? literalOf(text, 'base')),
      fallback: 'index.html',
      hashed: [`${literalOf(text, 'assetsDir') ?? 'assets'}/`],
    };
  },
};

const serverSide = ['express', 'fastify', 'koa', 'hono', '@hapi/hapi', 'h3'];

function configText(app: AppFacts): string | undefined {
  const path = findScript(app, 'vite.config');
  return path === undefined ? undefined : app.files.read(path);
}
