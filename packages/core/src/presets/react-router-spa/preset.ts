import { findScript, literalOf, publicPathOf } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';

/** React Router in framework mode with `ssr: false`: the build's client folder alone is served. */
export const reactRouterSpa: Preset = {
  id: 'react-router-spa',
  detect(app) {
    const text = configText(app);
    return text !== undefined && /\bssr\s*:\s*false\b/.test(text) ? 'react-router.config with ssr: false' : undefined;
  },
  plan(app) {
    return {
      kind: 'static',
      output: app.config.output ?? `${literalOf(configText(app), 'buildDirectory') ?? 'build'}/client`,
      publicPath: publicPathOf(app.config.publicPath ?? literalOf(configText(app), 'basename')),
      fallback: 'index.html',
      hashed: ['assets/'],
    };
  },
};

function configText(app: AppFacts): string | undefined {
  const path = findScript(app, 'react-router.config');
  return path === undefined ? undefined : app.files.read(path);
}
