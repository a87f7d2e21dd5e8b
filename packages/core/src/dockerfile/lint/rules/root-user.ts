import type { Rule } from '../finding.ts';
import { chainOf, historyOf, type WrittenStage } from '../parse-stages.ts';

export const rootUser: Rule = (stages) => {
  const last = stages.at(-1) as WrittenStage;
  const user = historyOf(last).findLast(({ keyword }) => keyword === 'USER');
  const image = chainOf(last)[0]?.image ?? '';
  if (user === undefined ? /unprivileged|nonroot|chainguard/.test(image) : !/^"?(?:root|0)(?::|"?$)/.test(user.text)) return [];
  return [
    {
      line: user?.line ?? last.line,
      code: 'root-user',
      message: 'The app runs as root.',
      hint: /^(?:[\w.-]+\/)*node:/.test(image)
        ? 'USER node, after the last RUN that needs more.'
        : 'Name a USER without rights, or take an unprivileged image.',
    },
  ];
};
