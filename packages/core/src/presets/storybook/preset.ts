import { configFile, scriptThatRuns, startsOther } from '../facts.ts';
import type { Preset } from '../preset.ts';

const BUILD = /\bstorybook build\b|\bbuild-storybook\b/;

/** The pages of a Storybook; those of a package that others depend on, a library, only where the config asks. */
export const storybook: Preset = {
  id: 'storybook',
  detect(app) {
    const config = configFile(app, '.storybook/main');
    return app.shared || config === undefined || scriptThatRuns(app, BUILD) === undefined || startsOther(app, /storybook/)
      ? undefined
      : `.storybook/${config.name}`;
  },
  plan(app) {
    const build = scriptThatRuns(app, BUILD);
    const folder = /(?:-o|--output-dir)[ =](\S+)/.exec(app.importer.manifest.scripts?.[build ?? ''] ?? '')?.[1];
    return {
      kind: 'static',
      build,
      buildEnv: { STORYBOOK_DISABLE_TELEMETRY: '1' },
      output: app.config.output ?? folder ?? 'storybook-static',
      publicPath: app.config.publicPath ?? '/',
      fallback: undefined,
      hashed: [],
    };
  },
};
