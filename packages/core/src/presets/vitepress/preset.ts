import { configFile, literalOf, publicPathOf, scriptThatRuns, startsOther } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';

/** A documentation site of VitePress. */
export const vitepress: Preset = {
  id: 'vitepress',
  detect(app) {
    if (scriptThatRuns(app, /\bvitepress build\b/) === undefined || startsOther(app, /vitepress/)) return undefined;
    const config = vitepressConfig(app);
    return config === undefined ? undefined : `.vitepress/${config.name}`;
  },
  plan(app) {
    const code = vitepressConfig(app)?.code;
    const out = literalOf(code, 'outDir');
    return {
      kind: 'static',
      build: scriptThatRuns(app, /\bvitepress build\b/),
      output: app.config.output ?? inSite(app, out ?? '.vitepress/dist'),
      publicPath: publicPathOf(app.config.publicPath ?? literalOf(code, 'base')),
      fallback: undefined,
      hashed: [`${literalOf(code, 'assetsDir') ?? 'assets'}/`],
    };
  },
};

/** The folder that the script names, such as `docs`. */
function inSite(app: AppFacts, path: string): string {
  const script = app.importer.manifest.scripts?.[scriptThatRuns(app, /\bvitepress build\b/) ?? ''] ?? '';
  const folder = /\bvitepress build +(?!-)([\w./-]+)/.exec(script)?.[1] ?? '.';
  return [folder, path]
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '.' && part !== '')
    .join('/');
}

function vitepressConfig(app: AppFacts) {
  return configFile(app, inSite(app, '.vitepress/config'));
}
