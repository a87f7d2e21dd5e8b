/** pnpm's own fork of js-yaml: the parser of its lockfiles. It ships no types. */
declare module '@zkochan/js-yaml' {
  export interface Schema {
    readonly name?: string;
  }
  /** Every scalar a string, as written. */
  export const FAILSAFE_SCHEMA: Schema;
  export function load(text: string, options?: { schema?: Schema }): unknown;
  export class YAMLException extends Error {
    readonly reason?: string;
    readonly mark?: { readonly line: number };
  }
}
