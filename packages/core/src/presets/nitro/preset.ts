import { buildScript, configFile, uses } from '../facts.ts';
import { nitroOutput } from '../nitro-output.ts';
import type { AppFacts, Preset } from '../preset.ts';

/** A server of Nitro's own, by its program or as a plugin of Vite. */
export const nitro: Preset = {
  id: 'nitro',
  detect: (app) => (uses(app, 'nitro') || uses(app, 'nitropack') ? nitroConfig(app)?.name : undefined),
  plan: (app) => ({ ...nitroOutput(app, nitroConfig(app)?.code), build: buildScript(app, /\bnitro(pack)? build\b|\bvite build\b/) }),
};

function nitroConfig(app: AppFacts) {
  const vite = configFile(app, 'vite.config');
  return configFile(app, 'nitro.config') ?? (vite !== undefined && /\bnitro\(/.test(vite.code) ? vite : undefined);
}
