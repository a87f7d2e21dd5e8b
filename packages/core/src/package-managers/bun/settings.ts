import { posix } from 'node:path';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Diagnostic, Files, PlannedFile } from '../../model.ts';
import { hasUserWrittenOut, isWrittenOut, literalCredential } from '../literal-credential.ts';
import { sanitizeNpmrc } from '../npmrc.ts';
import { copyOf } from '../planned-files.ts';

const CREDENTIAL = /\b(token|password)\s*=\s*(?:"([^"]*)"|'([^']*)')\s*,?\s*/g;
const REFERENCE = /\$\{?([A-Za-z_]\w*)\}?/g;

export interface SanitizedBunfig {
  readonly text: string;
  /** Environment variables that it refers to, sorted. */
  readonly secrets: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The `install` tables of a bunfig.toml, without comments and without credentials written out in it. */
export function sanitizeBunfig(path: string, text: string): SanitizedBunfig {
  const diagnostics: Diagnostic[] = [];
  const kept: string[] = [];
  let table = '';
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.replace(/(^|\s)#[^"']*$/, '').trimEnd();
    table = /^\s*\[\s*([^[\]]+?)\s*\]\s*$/.exec(line)?.[1] ?? table;
    const inInstall = table === '' ? /^\s*install\b/.test(line) : /^install(?:\.|$)/.test(table);
    if (line.trim() === '' || !inInstall) return;
    const clean = hasUserWrittenOut(line)
      ? ''
      : line.replace(CREDENTIAL, (whole, _key, double, single) => (isWrittenOut(double ?? single) ? '' : whole));
    if (clean !== line)
      diagnostics.push(literalCredential(path, index + 1, /^\s*"?([\w@/.-]+)"?\s*=/.exec(line)?.[1] ?? 'a registry', 'token = "$NPM_TOKEN"'));
    if (clean.trim() !== '') kept.push(clean.replace(/,\s*\}/, ' }'));
  });
  const sanitized = kept.map((line) => `${line}\n`).join('');
  const secrets = new Set([...sanitized.matchAll(REFERENCE)].map(([, name]) => name as string));
  return { text: sanitized, secrets: [...secrets].sort(), diagnostics };
}

/** bunfig.toml and .npmrc as they may lie in an image. */
export function settingsFiles(files: Files): { readonly files: readonly PlannedFile[]; readonly diagnostics: readonly Diagnostic[] } {
  const planned: PlannedFile[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of ['.npmrc', 'bunfig.toml']) {
    const original = files.read(path);
    if (original === undefined) continue;
    const sanitized = path === '.npmrc' ? sanitizeNpmrc({ path, text: original }) : sanitizeBunfig(path, original);
    diagnostics.push(...sanitized.diagnostics);
    if (sanitized.text !== '') planned.push({ path, mode: '100644', text: sanitized.text });
  }
  return { files: planned, diagnostics };
}

/** Environment variables that the settings of a pruned install refer to. */
export function settingsSecrets(install: readonly PlannedFile[]): readonly string[] {
  const secrets = install.flatMap((file) => {
    if (!('text' in file)) return [];
    if (file.path === '.npmrc') return sanitizeNpmrc(file).secrets;
    return file.path === 'bunfig.toml' ? sanitizeBunfig(file.path, file.text).secrets : [];
  });
  return [...new Set(secrets)].sort();
}

/** @throws StowageError MissingFile */
export function copyFile(files: Files, path: string, where: { readonly file: string; readonly key: string }): PlannedFile {
  const file = files.get(posix.normalize(path));
  if (file !== undefined) return copyOf(file);
  throw new StowageError(ErrorCode.MissingFile, `${path}, which ${where.file} names for ${where.key}, is not there.`, {
    where,
    hint: 'Commit the file.',
  });
}
