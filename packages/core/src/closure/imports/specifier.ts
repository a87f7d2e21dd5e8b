import { builtinModules } from 'node:module';

const BUILTINS: ReadonlySet<string> = new Set([...builtinModules, 'bun']);
const PACKAGE_NAME = /^(?:@[a-z0-9~_-][\w.~-]*\/)?[a-z0-9][\w.~-]*$/;
/** Names that an editor, a framework or a bundler answers for, never an install. */
const ANSWERED_ELSEWHERE = /^(?:server-only|client-only|vscode|@site|@theme|@theme-original|@generated)(?:\/|$)/;

/** A specifier without what only bundlers read: webpack's `loader!`, Vite's `?raw`. */
export function bareSpecifier(specifier: string): string {
  const resource = specifier.slice(specifier.lastIndexOf('!') + 1);
  const query = resource.indexOf('?');
  return query === -1 ? resource : resource.slice(0, query);
}

export function isRelative(specifier: string): boolean {
  return /^\.\.?(?:\/|$)/.test(specifier);
}

/** The first segment of a bare specifier, or two where it is scoped. */
export function packageNameOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** `node:fs`, `virtual:pwa`, a URL. */
export function isScheme(specifier: string): boolean {
  return /^[\w+-]+:/.test(specifier);
}

/** Whether the specifier names no package at all: a scheme, a path of a web root, `#internal`, a template with gaps. */
export function isForeign(specifier: string): boolean {
  return specifier === '' || isScheme(specifier) || /^[/#$.]|[\\{]/.test(specifier);
}

/** `fs`, `fs/promises`. Not `buffer/`, nor `punycode/punycode.js`: with a path behind it, Node looks for a package of that name. */
export function isBuiltin(specifier: string): boolean {
  return BUILTINS.has(specifier);
}

/** Whether a package of that name could come from a registry. */
export function isRegistryName(name: string): boolean {
  return PACKAGE_NAME.test(name) && !ANSWERED_ELSEWHERE.test(name);
}
