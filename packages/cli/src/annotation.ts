import { relative } from 'node:path';

/** What GitHub Actions shows beside a change. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  /** The code of the problem. */
  readonly title: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** Relative to the root of the workspace. */
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/**
 * The workflow command of GitHub Actions that makes an annotation: one line.
 * @param root of the workspace, absolute, where it is known; `checkout` is GITHUB_WORKSPACE, which the runner takes files to be relative to
 */
export function annotationLine(
  { level, title, message, hint, file, line }: Annotation,
  root: string | undefined,
  checkout: string | undefined,
): string {
  const properties = [
    ...(file === undefined ? [] : [['file', shownFile(file, root, checkout)]]),
    ...(file === undefined || line === undefined ? [] : [['line', String(line)]]),
    ['title', title],
  ];
  const text = hint === undefined ? message : `${message}\n${hint}`;
  return `::${level} ${properties.map(([key, value = '']) => `${key}=${escapedProperty(value)}`).join(',')}::${escaped(text)}\n`;
}

function shownFile(file: string, root: string | undefined, checkout: string | undefined): string {
  if (root === undefined || checkout === undefined || checkout === '') return file;
  const prefix = relative(checkout, root).replaceAll('\\', '/');
  return prefix === '' || prefix.startsWith('..') ? file : `${prefix}/${file}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
