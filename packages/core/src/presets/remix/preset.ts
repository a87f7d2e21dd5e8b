import { buildScript, configFile, publicPathOf, uses } from '../facts.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { serverPlan, startScript } from '../server-plan.ts';

/** Remix 2: its server, built by Vite or by its own compiler, or with `ssr: false` the build's client folder alone. */
export const remix: Preset = {
  id: 'remix',
  detect: (app) => (uses(app, '@remix-run/dev') ? (viteConfig(app) ?? configFile(app, 'remix.config'))?.name : undefined),
  plan(app) {
    const vite = viteConfig(app)?.code;
    const build = buildScript(app, /\bremix (vite:)?build\b/);
    if (/\bssr\s*:\s*false\b/.test(vite ?? '')) {
      const publicPath = publicPathOf(app.config.publicPath);
      return { kind: 'static', build, output: app.config.output ?? 'build/client', publicPath, fallback: 'index.html', hashed: ['assets/'] };
    }
    const script = startScript(app, /\bremix (vite:)?dev\b/);
    const own = ['sh', '-c', `exec remix-serve ${vite === undefined ? './build/index.js' : './build/server/index.js'}`];
    return serverPlan(app, { build, command: script?.words ?? own, env: script?.env ?? {}, port: 3000 });
  },
};

function viteConfig(app: AppFacts) {
  const config = configFile(app, 'vite.config');
  return config !== undefined && /@remix-run\/dev/.test(config.code) ? config : undefined;
}
