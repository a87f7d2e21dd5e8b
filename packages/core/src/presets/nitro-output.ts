import { inApp, literalOf } from './facts.ts';
import type { AppFacts, ServerPlan } from './preset.ts';
import { serverPlan } from './server-plan.ts';

/** What Nitro builds: `.output`, with the packages that its server uses traced into it. `code` is the config that may name a host. */
export function nitroOutput(app: AppFacts, code: string | undefined): ServerPlan {
  const host = literalOf(code, 'preset');
  return serverPlan(app, {
    command: ['node', '.output/server/index.mjs'],
    port: 3000,
    env: { HOST: '0.0.0.0' },
    contents: [{ from: '.output', to: `${app.importer.id}/.output` }],
    diagnostics:
      host === undefined || /^node([_-]server)?$/.test(host)
        ? []
        : [
            {
              level: 'warning',
              code: 'built-for-a-host',
              message: `The config of ${app.importer.name} builds for "${host}", and an image needs a server for Node.`,
              file: inApp(app, 'package.json'),
              hint: 'Leave the preset out of the config, or set it to "node-server".',
            },
          ],
  });
}
