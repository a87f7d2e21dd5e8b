import escape from 'escape-string-regexp';

/** A greeting for a name, shown as it was typed. */
export function greet(name: string): string {
  return `Ahoy from ${escape(name)}`;
}
