import { parse } from 'jsonc-parser';
import * as v from 'valibot';
import { ErrorCode, StowageError } from '../errors.ts';
import type { Files } from '../model.ts';

/** The committed file at the root that `stowage pin` writes: digests by image. */
export const pinsFile = 'stowage.pins.json';

const schema = v.record(v.string(), v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'must be a digest, sha256: and 64 hexadecimal digits')));

/** @throws StowageError InvalidConfig */
export function readPins(files: Files): Readonly<Record<string, string>> {
  const text = files.read(pinsFile);
  if (text === undefined) return {};
  const result = v.safeParse(schema, parse(text));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new StowageError(ErrorCode.InvalidConfig, `${issue.message}.`, {
    where: { file: pinsFile, key: issue.path?.map(({ key }) => String(key)).join('.') ?? '' },
    hint: '`stowage pin` writes it anew.',
  });
}
