import { builtForAHost } from '../built-for-a-host.ts';
import { buildScript, configFile, literalOf, publicPathOf, uses } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { serverPlan, startScript } from '../server-plan.ts';

/** Astro: a site of files, or with the adapter for Node a server; in its middleware mode the project's own. */
export const astro: Preset = {
  id: 'astro',
  detect(app) {
    const config = configFile(app, 'astro.config');
    if (config === undefined || !uses(app, 'astro')) return undefined;
    return config.name + (hasServer(app) ? ', adapter for Node' : '');
  },
  plan(app) {
    const code = configFile(app, 'astro.config')?.code;
    const common = {
      build: buildScript(app, /\bastro build\b/),
      buildEnv: { ASTRO_TELEMETRY_DISABLED: '1' },
      caches: ['node_modules/.astro'],
      diagnostics: builtForAHost(app, code, 'Take @astrojs/node in the config; without an adapter the image hands out files.'),
    };
    const folder = (literalOf(code, 'outDir') ?? 'dist').replace(/^\.\//, '').replace(/\/$/, '');
    if (hasServer(app)) {
      const script = literalOf(code, 'mode') === 'middleware' ? startScript(app, /\bastro\b/) : undefined;
      const command = script?.words ?? ['node', `${folder}/server/entry.mjs`];
      return { ...serverPlan(app, { command, port: 4321, env: { HOST: '0.0.0.0', ...script?.env } }), ...common };
    }
    return {
      ...common,
      kind: 'static',
      output: app.config.output ?? folder,
      publicPath: publicPathOf(app.config.publicPath ?? literalOf(code, 'base')),
      fallback: undefined,
      hashed: [`${literalOf(code, 'assets') ?? '_astro'}/`],
    };
  },
};

/** Judged by the config: an adapter may be installed and not used. */
function hasServer(app: AppFacts): boolean {
  return /['"]@astrojs\/node['"]/.test(configFile(app, 'astro.config')?.code ?? '');
}
