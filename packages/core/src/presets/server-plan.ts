import { expandCommand } from './expand-command.ts';
import type { AppFacts, ServerPlan } from './preset.ts';
import { parseStart, type StartCommand } from './start-command.ts';

/** A program as its preset starts it, if the config tells no other command or port. */
export function serverPlan({ config, importer }: AppFacts, own: Omit<ServerPlan, 'kind' | 'env'> & { readonly env?: ServerPlan['env'] }): ServerPlan {
  const told: StartCommand | undefined =
    typeof config.start === 'string'
      ? parseStart(expandCommand(config.start, importer.manifest.scripts))
      : config.start && { words: config.start, env: {} };
  return { ...own, kind: 'server', command: told?.words ?? own.command, port: config.port ?? own.port, env: { ...own.env, ...told?.env } };
}

/** How the `start` script starts the app, unless it only calls what its framework has for development. */
export function startScript(app: AppFacts, unlike = /^\b$/): StartCommand | undefined {
  const script = scriptText(app, 'start');
  return script === undefined || unlike.test(script) ? undefined : parseStart(script);
}

/** What a script of the app comes to. */
export function scriptText({ importer: { manifest } }: AppFacts, name: string): string | undefined {
  const script: unknown = manifest.scripts?.[name];
  return typeof script === 'string' ? expandCommand(script, manifest.scripts, [name]) : undefined;
}
