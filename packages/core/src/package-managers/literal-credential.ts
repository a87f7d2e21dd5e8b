import type { Diagnostic } from '../model.ts';

const REFERENCE = /(?<!\\)\$(?:\{[^}]*\}|[A-Za-z_]\w*)/g;
/** `//user:password@` and `//token@` of a URL. */
const USER_OF_URL = /\/\/([^/\s:@"']*)(?::([^/\s@"']*))?@/g;

/** Whether anything of a secret is written out, besides references to the environment (`${NAME}`, for bun `$NAME` too) and quotes. */
export function isWrittenOut(value: string): boolean {
  return value.replace(REFERENCE, '').replace(/["']/g, '') !== '';
}

/** Whether a URL in a text has a password that is written out, or a user alone, which is a token then; the `git` of an SSH address is none. */
export function hasUserWrittenOut(text: string): boolean {
  return [...text.matchAll(USER_OF_URL)].some(([, user = '', password]) =>
    password === undefined ? user !== 'git' && isWrittenOut(user) : isWrittenOut(password),
  );
}

/** A setting whose value lets whoever reads it in, and that is left out of the image for it. `reference` is how to write it instead. */
export function literalCredential(file: string, line: number | undefined, key: string, reference: string): Diagnostic {
  return {
    level: 'warning',
    code: 'literal-credential',
    message: `The value of ${key} is written out in ${file}; it is left out of the image.`,
    file,
    ...(line === undefined ? {} : { line }),
    hint: `Write it as a reference, such as ${reference}: Stowage then passes the variable as a build secret.`,
  };
}
