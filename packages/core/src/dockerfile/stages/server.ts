import { posix } from 'node:path';
import type { Stage } from '../../model.ts';
import type { ServerPlan } from '../../presets/preset.ts';
import type { ImageFacts } from '../image-facts.ts';
import { runtimeImage, runtimeUser } from '../images.ts';
import { aptInstall, copyFrom, env, run, words } from '../syntax.ts';

/** What package managers the base image brings: an image that runs an app needs none, and scanners find theirs faults in it. */
const packageManagers = ['npm', 'npx', 'corepack', 'yarn', 'yarnpkg', 'pnpm', 'pnpx'];

/** Production dependencies, unless the build holds them, then manifests and built files; not root; the app under an init. */
export function serverStage({ app, config, node, commands }: ImageFacts, plan: ServerPlan): Stage {
  const { engine, contents } = plan;
  const init = config.init === false ? [] : ['/usr/bin/tini', '--'];
  const folder = app.id === '.' ? '/app' : `/app/${app.id}`;
  const bins = [...new Set([`${folder}/node_modules/.bin`, '/app/node_modules/.bin'])];
  const shell = plan.command?.[0] === 'sh' ? { PATH: `${bins.join(':')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin` } : {};
  const port = plan.port === undefined ? {} : { PORT: String(plan.port) };
  return {
    name: 'runtime',
    from: runtimeImage(engine, node),
    instructions: [
      ...(config.runtimePackages === undefined ? [] : [run(aptInstall(config.runtimePackages))]),
      engine === undefined
        ? run([
            'rm -rf /usr/local/lib/node_modules /usr/local/include /opt/yarn*',
            `rm -f ${packageManagers.map((name) => `/usr/local/bin/${name}`).join(' ')}`,
          ])
        : copyFrom('engine', `/${engine.name}`, `/usr/local/bin/${engine.name}`),
      ...(init.length > 0 ? [copyFrom('init', '/usr/bin/tini', '/usr/bin/tini')] : []),
      ...env({ NODE_ENV: 'production', ...port, ...shell, ...commands.runtimeEnv, ...plan.env, ...config.env }),
      'WORKDIR /app',
      ...(contents === undefined ? [copyFrom('prod-deps', '/app', './')] : []),
      copyFrom('output', '/out', './'),
      ...(app.id === '.' ? [] : [`WORKDIR ${folder}`]),
      `USER ${runtimeUser(engine)}`,
      ...(plan.port === undefined ? [] : [`EXPOSE ${plan.port}`]),
      ...started(init, plan, folder),
    ],
  };
}

/** A tool's own words come first, and its file's whole path, so that it runs in any folder; another program can be replaced by a command. */
function started(init: readonly string[], { command, takesArguments = false }: ServerPlan, folder: string): string[] {
  if (takesArguments && command !== undefined) {
    return [words('ENTRYPOINT', [...init, ...command.slice(0, -1), posix.join(folder, command.at(-1) ?? '')])];
  }
  return [...(init.length > 0 ? [words('ENTRYPOINT', init)] : []), ...(command === undefined ? [] : [words('CMD', command)])];
}
