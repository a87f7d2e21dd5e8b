import { type Affected, imageName } from '@stowage/core';
import { reasonOf } from './affected-json.ts';

/**
 * A child pipeline with a job for each affected image, for `trigger: include: artifact`. Each job extends `.stowage`, which the file
 * named by `include` defines; it is given STOWAGE_APP and STOWAGE_IDENTITY. A pipeline without jobs is an error to GitLab: where nothing is
 * affected there is one that says so.
 */
export function gitlabPipeline({ apps }: Affected, include: string): string {
  if (apps.length === 0) return 'nothing-affected:\n  script:\n    - echo "No image is affected."\n';
  const jobs = apps.map((app) =>
    [
      `# ${reasonOf(app).replaceAll(/\s+/g, ' ')}`,
      `${JSON.stringify(`build ${imageName({ app })}`)}:`,
      '  extends: .stowage',
      '  variables:',
      `    STOWAGE_APP: ${JSON.stringify(app.id)}`,
      `    STOWAGE_IDENTITY: ${JSON.stringify(app.identity)}`,
    ].join('\n'),
  );
  return `include:\n  - local: ${JSON.stringify(include)}\n\n${jobs.join('\n\n')}\n`;
}
