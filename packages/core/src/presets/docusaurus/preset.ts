import { buildScript, configFile, literalOf, publicPathOf, uses } from '../facts.ts';
import type { Preset } from '../preset.ts';

/** A documentation site of Docusaurus. */
export const docusaurus: Preset = {
  id: 'docusaurus',
  detect: (app) => (uses(app, '@docusaurus/core') ? configFile(app, 'docusaurus.config')?.name : undefined),
  plan: (app) => ({
    kind: 'static',
    build: buildScript(app, /\bdocusaurus build\b/),
    output: app.config.output ?? 'build',
    publicPath: publicPathOf(app.config.publicPath ?? literalOf(configFile(app, 'docusaurus.config')?.code, 'baseUrl')),
    fallback: undefined,
    hashed: ['assets/js/', 'assets/css/'],
  }),
};
