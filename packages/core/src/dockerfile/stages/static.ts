import { posix } from 'node:path';
import type { Stage } from '../../model.ts';
import type { StaticPlan } from '../../presets/preset.ts';
import type { ImageFacts } from '../image-facts.ts';
import { staticServerImage } from '../images.ts';
import { nginxConfig } from '../nginx.ts';
import { copyFrom, copyText } from '../syntax.ts';

/** Built files behind an unprivileged nginx on port 8080; nothing of the toolchain. */
export function staticStage({ app }: ImageFacts, plan: StaticPlan): Stage {
  const output = posix.join('/app', app.id, plan.output);
  return {
    name: 'runtime',
    from: staticServerImage,
    instructions: [
      copyText(nginxConfig(plan), '/etc/nginx/conf.d/default.conf'),
      copyFrom('build', output, `/usr/share/nginx/html${plan.publicPath}`),
      'EXPOSE 8080',
    ],
  };
}
