import { posix } from 'node:path';
import type { Stage } from '../../model.ts';
import type { StaticPlan } from '../../presets/preset.ts';
import type { ImageFacts } from '../image-facts.ts';
import { staticServerImage } from '../images.ts';
import { nginxConfig, siteFolder } from '../nginx.ts';
import { copyFrom, copyText, healthcheck, labels } from '../syntax.ts';

/** Built files behind an unprivileged nginx on port 8080; nothing of the toolchain. */
export function staticStage({ app, config }: ImageFacts, plan: StaticPlan): Stage {
  const output = posix.join('/app', app.id, plan.output);
  return {
    name: 'runtime',
    from: staticServerImage,
    instructions: [
      copyText(nginxConfig(plan), '/etc/nginx/conf.d/default.conf'),
      copyFrom('build', output, siteFolder + plan.publicPath),
      'EXPOSE 8080',
      ...(config.healthcheck === undefined ? [] : [healthcheck(probe(config.healthcheck))]),
      ...labels(config.labels ?? {}),
    ],
  };
}

/** The shell of the image asks by itself: not every nginx image has curl or wget. */
function probe(check: string | readonly string[]): readonly string[] {
  if (typeof check !== 'string') return check;
  const ask = `printf 'GET ${check} HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 2'`;
  return ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/8080 && ${ask}`];
}
