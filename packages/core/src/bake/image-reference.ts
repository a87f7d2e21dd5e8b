import { ErrorCode, StowageError } from '../errors.ts';

/** `r.example:5000/team/web` of `r.example:5000/team/web:1.4`. */
export function repositoryOf(reference: string): string {
  return reference.replace(/@[^/]*$/, '').replace(/:[^/:]*$/, '');
}

const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const host = '(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+\\])(?::\\d+)?';
/** A name and a tag, as the grammar of `distribution/reference` has them. */
const reference = new RegExp(`^(?:${host}/)?${part}(?:/${part})*(?::\\w[\\w.-]{0,127})?$`);

/** @throws StowageError Usage where an image cannot be called so */
export function assertImageReference(name: string): void {
  if (reference.test(name)) return;
  const lower = name.replace(/^(?:[^/]*[.:][^/]*\/)?[^:]*/, (repository) => repository.toLowerCase());
  throw new StowageError(ErrorCode.Usage, `No image can be called "${name}".`, {
    hint: reference.test(lower)
      ? `Its name has to be lower-case: ${lower}`
      : 'A name is like registry.example.com/team/{app}:1.4: lower-case, and a tag of letters, digits, ".", "_" and "-".',
  });
}
