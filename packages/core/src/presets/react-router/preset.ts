import { builtForAHost } from '../built-for-a-host.ts';
import { buildScript, configFile, literalOf, publicPathOf, uses } from '../facts.ts';
import { ownPreview } from '../own-preview.ts';
import type { AppFacts, Preset } from '../preset.ts';
import { serverPlan, startScript } from '../server-plan.ts';

/** React Router in framework mode: its server, or with `ssr: false` the build's client folder alone. */
export const reactRouter: Preset = {
  id: 'react-router',
  detect(app) {
    const config = configFile(app, 'react-router.config');
    const plugin = uses(app, '@react-router/dev') && /@react-router\/dev/.test(configFile(app, 'vite.config')?.code ?? '');
    if (config === undefined && !plugin) return undefined;
    return isStatic(app) ? `${config?.name}, ssr: false` : (config?.name ?? 'vite.config with @react-router/dev');
  },
  plan(app) {
    const code = configFile(app, 'react-router.config')?.code;
    const folder = literalOf(code, 'buildDirectory') ?? 'build';
    const build = buildScript(app, /\breact-router build\b/);
    const buildEnv = isStatic(app) || /\bprerender\b/.test(code ?? '') ? { buildEnv: ownPreview } : {};
    if (isStatic(app)) {
      const publicPath = publicPathOf(app.config.publicPath ?? literalOf(code, 'basename'));
      const output = app.config.output ?? `${folder}/client`;
      return { kind: 'static', build, ...buildEnv, output, publicPath, fallback: 'index.html', hashed: ['assets/'] };
    }
    const script = startScript(app, /\breact-router dev\b/);
    const own = ['sh', '-c', `exec react-router-serve ./${folder}/server/index.js`];
    const diagnostics = builtForAHost(app, configFile(app, 'vite.config')?.code, 'Leave its plugin out of vite.config where an image is built.');
    return serverPlan(app, { build, ...buildEnv, command: script?.words ?? own, env: script?.env ?? {}, port: 3000, diagnostics });
  },
};

function isStatic(app: AppFacts): boolean {
  return /\bssr\s*:\s*false\b/.test(configFile(app, 'react-router.config')?.code ?? '');
}
