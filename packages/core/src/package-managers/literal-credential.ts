import type { Diagnostic } from '../model.ts';

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
