import { builtForAHost } from './built-for-a-host.ts';
import { literalOf } from './facts.ts';
import type { AppFacts, ServerPlan } from './preset.ts';
import { serverPlan } from './server-plan.ts';

/** What Nitro builds: `.output`, with the packages that its server uses traced into it. `code` is the config that may name a host. */
export function nitroOutput(app: AppFacts, code: string | undefined): ServerPlan {
  const host = literalOf(code, 'preset');
  const isNode = host === undefined || /^node([_-]server)?$/.test(host);
  return serverPlan(app, {
    command: ['node', '.output/server/index.mjs'],
    port: 3000,
    env: { HOST: '0.0.0.0' },
    contents: [{ from: '.output', to: `${app.importer.id}/.output` }],
    diagnostics: isNode ? [] : builtForAHost(app, code, 'Leave the preset out of the config, or set it to "node-server".', host),
  });
}
