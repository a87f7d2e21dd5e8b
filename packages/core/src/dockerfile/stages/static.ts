import { posix } from 'node:path';
import type { Stage } from '../../model.ts';
import type { StaticPlan } from '../../presets/preset.ts';
import type { ImageFacts } from '../image-facts.ts';
import { staticServerImage } from '../images.ts';
import { nginxConfig, serverConfigPath, siteFolder } from '../nginx.ts';
import { afterCommand, copyFrom, copyText, env, healthcheck, labels, words } from '../syntax.ts';

/** What the base image starts. */
const server = ['nginx', '-g', 'daemon off;'];
/** Who runs it. */
const user = '101:101';

/** Built files behind an unprivileged nginx; nothing of the toolchain. A command before its start may change the files. */
export function staticStage({ app, config }: ImageFacts, plan: StaticPlan): Stage {
  const { port = 8080, beforeStart, expose = [] } = config;
  const output = posix.join('/app', app.id, plan.output);
  return {
    name: 'runtime',
    from: staticServerImage,
    instructions: [
      ...env(config.env ?? {}),
      copyText(nginxConfig(plan, port), serverConfigPath),
      copyFrom('build', output, siteFolder + plan.publicPath, beforeStart === undefined ? undefined : user),
      ...[port, ...expose].map((each) => `EXPOSE ${each}`),
      ...(config.healthcheck === undefined ? [] : [healthcheck(probe(config.healthcheck, port))]),
      ...labels(config.labels ?? {}),
      ...(beforeStart === undefined ? [] : [words('CMD', afterCommand(beforeStart, server))]),
    ],
  };
}

/** The shell of the image asks by itself: not every nginx image has curl or wget. */
function probe(check: string | readonly string[], port: number): readonly string[] {
  if (typeof check !== 'string') return check;
  const ask = `printf 'GET %s HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' '${check}' >&3 && head -n 1 <&3 | grep -q ' 2'`;
  return ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port} && ${ask}`];
}
