import { posix } from 'node:path';
import type { Stage } from '../../model.ts';
import { expandCommand } from '../../presets/expand-command.ts';
import type { ServerPlan } from '../../presets/preset.ts';
import type { ImageFacts } from '../image-facts.ts';
import type { System } from '../images.ts';
import { afterCommand, copyFrom, env, healthcheck, labels, run, words } from '../syntax.ts';

/** What package managers the base image brings: an image that runs an app needs none, and scanners find theirs faults in it. */
const packageManagers = ['npm', 'npx', 'corepack', 'yarn', 'yarnpkg', 'pnpm', 'pnpx'];

/** Production dependencies, unless the build holds them, then manifests and built files; not root; the app under an init. */
export function serverStage(facts: ImageFacts, plan: ServerPlan): Stage {
  const { app, config, system, commands, needs } = facts;
  const { contents, port } = plan;
  const init = config.init === false ? [] : ['/usr/bin/tini', '--'];
  const folder = app.id === '.' ? '/app' : `/app/${app.id}`;
  const command = commandOf(plan, config.beforeStart && expandCommand(config.beforeStart, app.manifest.scripts));
  const bins = [...new Set([`${folder}/node_modules/.bin`, '/app/node_modules/.bin'])];
  const shell = command?.[0] === 'sh' ? { PATH: `${bins.join(':')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin` } : {};
  const ports = port === undefined ? {} : { PORT: String(port) };
  return {
    name: 'runtime',
    from: system.runtime,
    instructions: [
      // what depends on its version alone comes first, so that no change of the app installs it again
      ...(needs.runtimePackages.length === 0 ? [] : [run(system.install(needs.runtimePackages))]),
      ...(needs.installBrowsers.length === 0 ? [] : [run([...needs.installBrowsers, 'rm -rf /root/.npm /var/lib/apt/lists/* /tmp/*'])]),
      ...engine(plan, system),
      ...(init.length > 0 ? [copyFrom('init', system.init.path, '/usr/bin/tini')] : []),
      ...env({ NODE_ENV: 'production', ...ports, ...shell, ...commands.runtimeEnv, ...needs.runtimeEnv, ...plan.env, ...config.env }),
      'WORKDIR /app',
      ...(contents === undefined ? [copyFrom('prod-deps', '/app', './')] : []),
      copyFrom('output', '/out', './'),
      ...(config.volumes ?? []).map((path) => copyFrom('output', '/volume/', `${path}/`, system.user)),
      ...(app.id === '.' ? [] : [`WORKDIR ${folder}`]),
      `USER ${system.user}`,
      ...(config.volumes === undefined ? [] : [words('VOLUME', config.volumes)]),
      ...[...(port === undefined ? [] : [port]), ...(config.expose ?? [])].map((each) => `EXPOSE ${each}`),
      ...(config.healthcheck === undefined ? [] : [healthcheck(probe(config.healthcheck, plan, system))]),
      ...labels(config.labels ?? {}),
      ...started(init, command, plan, folder, system),
    ],
  };
}

/** The image's own package managers go; an engine of its own comes. An image without a shell has none, and nothing to take them away with. */
function engine({ engine }: ServerPlan, { shell }: System): string[] {
  if (engine !== undefined) return [copyFrom('engine', `/${engine.name}`, `/usr/local/bin/${engine.name}`)];
  if (!shell) return [];
  return [
    run([
      'rm -rf /usr/local/lib/node_modules /usr/local/include /opt/yarn*',
      `rm -f ${packageManagers.map((name) => `/usr/local/bin/${name}`).join(' ')}`,
    ]),
  ];
}

/** What must succeed first runs in a shell, which the app then takes the place of. */
function commandOf({ command }: ServerPlan, beforeStart: string | undefined): readonly string[] | undefined {
  return command === undefined || beforeStart === undefined ? command : afterCommand(beforeStart, command);
}

/** A path is asked for by the engine itself: slim images have neither curl nor wget. */
function probe(check: string | readonly string[], { engine, port = 3000 }: ServerPlan, { node }: System): readonly string[] {
  if (typeof check !== 'string') return check;
  const program = `fetch('http://127.0.0.1:'+(process.env.PORT||${port})+${JSON.stringify(check)}).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`;
  return [engine?.name ?? node, '-e', program];
}

/** A tool's own words come first, and its file's whole path, so that it runs in any folder; another program can be replaced by a command. */
function started(
  init: readonly string[],
  command: readonly string[] | undefined,
  { takesArguments = false }: ServerPlan,
  folder: string,
  { shell, node }: System,
): string[] {
  const [program, ...rest] = command ?? [];
  if (takesArguments && program !== undefined) {
    return [words('ENTRYPOINT', [...init, shell ? program : node, ...rest.slice(0, -1), posix.join(folder, rest.at(-1) ?? '')])];
  }
  const entry = shell ? init : [...init, node];
  const words_ = shell ? (command ?? []) : rest;
  return [...(entry.length > 0 ? [words('ENTRYPOINT', entry)] : []), ...(words_.length === 0 ? [] : [words('CMD', words_)])];
}
