import { posix } from 'node:path';
import { type ParseError, parse } from 'jsonc-parser';
import { ErrorCode, StowageError } from './errors.ts';
import type { Importer, Manifest } from './model.ts';
import { lineOf, withoutByteOrderMark } from './text.ts';

/** A package of the workspace, by its folder and its manifest. One without a name is called by its folder. */
export function packageImporter(id: string, manifest: Manifest): Importer {
  return { id, name: nameOf(manifest) ?? id, manifest };
}

/** A project of Nx that is no package, by its folder and the text of its project.json. One that is no JSON is left for Nx to tell of. */
export function projectImporter(id: string, projectJson: string): Importer {
  const name = nameOf(parse(projectJson, [], { allowTrailingComma: true })) ?? posix.basename(id);
  return { id, name, manifest: { name }, derived: true };
}

function nameOf(value: unknown): string | undefined {
  const { name } = (value ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** @throws StowageError InvalidManifest with the line where the JSON breaks */
export function parseManifest(path: string, text: string): Manifest {
  const plain = withoutByteOrderMark(text);
  try {
    const value: unknown = JSON.parse(plain);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Manifest;
  } catch (cause) {
    const errors: ParseError[] = [];
    parse(plain, errors);
    throw new StowageError(ErrorCode.InvalidManifest, `${path} is not valid JSON.`, {
      where: { file: path, line: lineOf(plain, errors[0]?.offset ?? 0) },
      hint: /^(<{7}|={7}|>{7})/m.test(plain) ? 'It holds merge conflict markers: resolve the conflict first.' : 'Mend the syntax.',
      cause,
    });
  }
  throw new StowageError(ErrorCode.InvalidManifest, `${path} holds no JSON object.`, { where: { file: path } });
}
