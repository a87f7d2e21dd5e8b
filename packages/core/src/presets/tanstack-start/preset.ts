import { builtForAHost } from '../built-for-a-host.ts';
import { buildScript, configFile, publicPathOf, uses } from '../facts.ts';
import { nitroOutput } from '../nitro-output.ts';
import { ownPreview } from '../own-preview.ts';
import type { Preset } from '../preset.ts';
import { serverPlan, startScript } from '../server-plan.ts';

/** TanStack Start: with Nitro a server that holds all it needs; in SPA mode files; else what the start script makes of `dist/server`. */
export const tanstackStart: Preset = {
  id: 'tanstack-start',
  detect(app) {
    const config = configFile(app, 'vite.config');
    const name = ['@tanstack/react-start', '@tanstack/solid-start'].find((each) => uses(app, each) && config?.code.includes(each));
    return config === undefined || name === undefined ? undefined : `${config.name} with ${name}, ${how(config.code)}`;
  },
  plan(app) {
    const code = configFile(app, 'vite.config')?.code ?? '';
    const build = buildScript(app, /\bvite build\b/);
    const buildEnv = /\b(spa|prerender)\b/.test(code) ? { buildEnv: ownPreview } : {};
    if (how(code) === 'nitro') return { ...nitroOutput(app, code), build, ...buildEnv };
    if (how(code) === 'spa') {
      return {
        kind: 'static',
        build,
        ...buildEnv,
        output: app.config.output ?? 'dist/client',
        publicPath: publicPathOf(app.config.publicPath),
        fallback: '_shell.html',
        hashed: ['assets/'],
      };
    }
    const script = startScript(app);
    const diagnostics = builtForAHost(app, code, 'Take nitro() in vite.config, whose server runs on Node.');
    return serverPlan(app, { build, ...buildEnv, command: script?.words, env: script?.env ?? {}, port: 3000, diagnostics });
  },
};

function how(code = ''): 'nitro' | 'spa' | 'its start script' {
  if (/\bspa\s*:\s*\{[^}]*enabled\s*:\s*true/.test(code)) return 'spa';
  return /\bnitro(V2Plugin)?\(/.test(code) ? 'nitro' : 'its start script';
}
