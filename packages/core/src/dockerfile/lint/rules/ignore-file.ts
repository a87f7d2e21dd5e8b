import { posix } from 'node:path';
import type { Rule } from '../finding.ts';

/** Docker reads `.dockerignore` at the root of the context, or the file named after the Dockerfile beside it. */
export const ignoreFile: Rule = (stages, { path, files, inRoot }) => {
  const own = `${path}.dockerignore`;
  const beside = posix.join(posix.dirname(path), '.dockerignore');
  const ofContext = posix.join(inRoot('.'), '.dockerignore');
  if (files.get(own) !== undefined) return [];
  if (beside !== ofContext && files.get(beside) !== undefined) {
    return [
      {
        line: 1,
        code: 'ignore-file-unread',
        message: `Docker never reads ${beside}: it looks in the root of the build context, or for ${own}.`,
        hint: `Rename it to ${posix.basename(own)}.`,
      },
    ];
  }
  const whole = stages
    .flatMap(({ instructions }) => instructions)
    .find(({ keyword, from, sources }) => keyword === 'COPY' && from === undefined && sources.some((source) => posix.resolve('/', source) === '/'));
  if (ofContext.startsWith('..') || files.get(ofContext) !== undefined || whole === undefined) return [];
  return [
    {
      line: whole.line,
      code: 'no-ignore-file',
      message: 'No ignore file is in force: node_modules, .git and local env files go into the context.',
      hint: `Add ${posix.basename(own)} beside it.`,
    },
  ];
};
