import { posix } from 'node:path';
import type { Finding, Rule } from '../finding.ts';
import { installsOf } from '../install-commands.ts';
import { historyOf, type Written, type WrittenStage } from '../parse-stages.ts';

/** Where the image's node_modules come from: the last stage itself, or the stage that they are copied from. */
export const devDependencies: Rule = (stages, { packageManager }) => {
  const last = stages.at(-1) as WrittenStage;
  const holdsThem = (stage: WrittenStage): boolean => installsOf(stage, packageManager).at(-1)?.production === false;
  if (holdsThem(last)) return [finding(last.line)];
  const copy = historyOf(last).find((instruction) => {
    const source = stages.find(({ name }, index) => instruction.from !== undefined && [name, String(index)].includes(instruction.from));
    return source !== undefined && copiesModules(instruction, source) && holdsThem(source);
  });
  return copy === undefined ? [] : [finding(copy.line)];
};

function copiesModules({ sources }: Written, stage: WrittenStage): boolean {
  const folder = historyOf(stage).findLast(({ keyword }) => keyword === 'WORKDIR')?.text ?? '/';
  return sources.some((path) => /(?:^|\/)node_modules\/?$/.test(path) || posix.resolve('/', path) === posix.resolve('/', folder));
}

function finding(line: number): Finding {
  return {
    line,
    code: 'dev-dependencies-shipped',
    message: 'The image holds devDependencies.',
    hint: 'Install for production in a stage of its own and copy node_modules from there.',
  };
}
