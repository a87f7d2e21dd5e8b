import { parse } from 'jsonc-parser';
import * as v from 'valibot';
import { ErrorCode, StowageError } from '../errors.ts';
import type { Diagnostic, Files, Stage } from '../model.ts';

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

/** Images of an app that the file leaves out, where there is one: new since it was written, or misspelt in it. */
export function unpinned(stages: readonly Stage[], pins: Readonly<Record<string, string>>): Diagnostic[] {
  if (Object.keys(pins).length === 0) return [];
  return [...new Set(imagesOf(stages))]
    .filter((image) => pins[image] === undefined && !image.includes('@'))
    .map((image) => ({
      level: 'warning',
      code: 'image-unpinned',
      message: `${image} has no digest in ${pinsFile}.`,
      file: pinsFile,
      hint: '`stowage pin` brings the file up to date.',
    }));
}

/** Pins of images that no app of the workspace starts from any more, or that are misspelt. */
export function unusedPins(files: Files, plans: readonly { readonly stages: readonly Stage[] }[]): Diagnostic[] {
  const used = new Set(plans.flatMap(({ stages }) => imagesOf(stages)).map((image) => image.replace(/@sha256:.*/, '')));
  return Object.keys(readPins(files))
    .filter((image) => !used.has(image))
    .map((image) => ({
      level: 'warning',
      code: 'pin-unused',
      message: `No app starts from ${image}, which ${pinsFile} pins.`,
      file: pinsFile,
      hint: '`stowage pin` brings the file up to date.',
    }));
}

/** The images that stages start from, as they name them. */
export function imagesOf(stages: readonly Stage[]): string[] {
  const names = new Set(['scratch', ...stages.map(({ name }) => name)]);
  return stages.map(({ from }) => from.replace(/^--\S+\s+/, '')).filter((from) => !names.has(from) && !from.includes('$'));
}
