import { scanImports } from '../closure/imports/scan-imports.ts';
import { bareSpecifier, packageNameOf } from '../closure/imports/specifier.ts';

const STRING = /(['"`])((?:@[a-z0-9~_-][\w.~-]*\/)?[a-z0-9][\w.~-]*)(?:\/[^'"`\n]*)?\1/g;
const WORD = /(?:@[a-z0-9~_-][\w.~-]*\/)?[a-z0-9][\w.~-]*/g;
/** A call that loads a module by what is no string, and no path that is put together of the file's own place. */
const COMPUTED =
  /(?<![.\w])(?:require|__non_webpack_require__|import)\s*\(\s*(?!['"`)]|(?:path\.)?(?:join|resolve)\(|__dirname\b|require\.resolve\()[\w$]/g;

/** Everything in a text that could be the name of a package: strings, and in JSON every word of one (`@nx/js:tsc`, `webpack-cli build`). */
export function wordsOf(path: string, text: string): string[] {
  return [...stringsIn(text), ...importedNames(text), ...(/(?:\.json|rc)$/.test(path) ? (text.match(WORD) ?? []) : [])];
}

/** The strings of a source that stand where no import does. */
export function stringsOfSource(path: string, text: string): string[] {
  if (!/\.[cm]?[jt]sx?$/.test(path)) return [];
  const imported = new Set(importedNames(text));
  return stringsIn(text).filter((name) => !imported.has(name));
}

/** Where a source loads a module whose name is made at run time: offsets in the text. */
export function computedLoads(text: string): number[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, ' '));
  return [...code.matchAll(COMPUTED)].map(({ index }) => index);
}

function importedNames(text: string): string[] {
  return scanImports(text).map((specifier) => packageNameOf(bareSpecifier(specifier)));
}

function stringsIn(text: string): string[] {
  return [...text.matchAll(STRING)].map((match) => match[2] ?? '');
}
