import type { Rule } from '../finding.ts';

const secretName = /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|AUTH|CREDENTIALS?|CONNECTION_STRING|KEY)$/i;
/** What a build puts into pages, and keys that open nothing. */
const publicName = /^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC)_|(?:PUBLIC|PUBLISHABLE|SITE|CACHE|PRIMARY|SORT)_KEY$/i;

/** Named once a stage, where it comes in first. */
export const secrets: Rule = (stages) =>
  stages.flatMap(({ instructions }) => {
    const found = instructions.flatMap(({ keyword, variables, line }) =>
      variables
        .filter(({ name, value }) => secretName.test(name) && !publicName.test(name) && !/^(?:true|false|\d+)$/.test(value ?? ''))
        .map(({ name }) => ({ keyword, name, line })),
    );
    return found
      .filter(({ name }, index) => found.findIndex((each) => each.name.toLowerCase() === name.toLowerCase()) === index)
      .map(({ keyword, name, line }) => ({
        line,
        code: 'secret-in-layer',
        message: `${keyword} ${name} stays readable in the image's history.`,
        hint: `Mount it where it is used: RUN --mount=type=secret,id=${name},env=${name} ...`,
      }));
  });
