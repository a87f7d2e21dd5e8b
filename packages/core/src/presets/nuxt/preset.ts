import { buildScript, configFile, literalOf, publicPathOf, scriptThatRuns, uses } from '../facts.ts';
import { nitroOutput } from '../nitro-output.ts';
import type { Preset } from '../preset.ts';

/** Nuxt: its Nitro server, which holds all it needs, or the site that `nuxt generate` writes. */
export const nuxt: Preset = {
  id: 'nuxt',
  detect(app) {
    const config = configFile(app, 'nuxt.config');
    if (!uses(app, 'nuxt') || (config === undefined && scriptThatRuns(app, /\bnux[ti] build\b/) === undefined)) return undefined;
    return config?.name ?? 'a script that runs nuxt build';
  },
  plan(app) {
    const build = buildScript(app, /\bnux[ti] (build|generate)\b/);
    const common = { build, buildEnv: { NUXT_TELEMETRY_DISABLED: '1' } };
    const code = configFile(app, 'nuxt.config')?.code;
    if (!/\bnux[ti] generate\b/.test(app.importer.manifest.scripts?.[build ?? ''] ?? '')) return { ...nitroOutput(app, code), ...common };
    return {
      ...common,
      kind: 'static',
      output: app.config.output ?? '.output/public',
      publicPath: publicPathOf(app.config.publicPath ?? literalOf(code, 'baseURL')),
      fallback: '200.html',
      hashed: ['_nuxt/'],
    };
  },
};
