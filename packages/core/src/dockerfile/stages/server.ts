import type { Stage } from '../../model.ts';
import type { ServerPlan } from '../../presets/preset.ts';
import type { ImageFacts } from '../image-facts.ts';
import { nodeImage } from '../images.ts';
import { aptInstall, copyFrom, env, run, words } from '../syntax.ts';

/** What package managers the base image brings: an image that runs an app needs none, and scanners find theirs faults in it. */
const packageManagers = ['npm', 'npx', 'corepack', 'yarn', 'yarnpkg', 'pnpm', 'pnpx'];

/** Production dependencies, then manifests and built files; not root; the app under an init. */
export function serverStage({ app, config, node, commands }: ImageFacts, plan: ServerPlan): Stage {
  const withInit = config.init !== false;
  const folder = app.id === '.' ? '/app' : `/app/${app.id}`;
  const bins = [...new Set([`${folder}/node_modules/.bin`, '/app/node_modules/.bin'])];
  const shell = plan.command?.[0] === 'sh' ? { PATH: `${bins.join(':')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin` } : {};
  const port = plan.port === undefined ? {} : { PORT: String(plan.port) };
  return {
    name: 'runtime',
    from: nodeImage(node),
    instructions: [
      ...(config.runtimePackages === undefined ? [] : [run(aptInstall(config.runtimePackages))]),
      run([
        'rm -rf /usr/local/lib/node_modules /usr/local/include /opt/yarn*',
        `rm -f ${packageManagers.map((name) => `/usr/local/bin/${name}`).join(' ')}`,
      ]),
      ...(withInit ? [copyFrom('init', '/usr/bin/tini', '/usr/bin/tini')] : []),
      ...env({ NODE_ENV: 'production', ...port, ...shell, ...commands.runtimeEnv, ...plan.env, ...config.env }),
      'WORKDIR /app',
      copyFrom('prod-deps', '/app', './'),
      copyFrom('output', '/out', './'),
      ...(app.id === '.' ? [] : [`WORKDIR ${folder}`]),
      'USER node',
      ...(plan.port === undefined ? [] : [`EXPOSE ${plan.port}`]),
      ...(withInit ? [words('ENTRYPOINT', ['/usr/bin/tini', '--'])] : []),
      ...(plan.command === undefined ? [] : [words('CMD', plan.command)]),
    ],
  };
}
