/** What core loads by a dynamic import, as one file of the bundle. */
export { parseAliases } from '../../core/src/closure/imports/parse-aliases.ts';
export { parseImports } from '../../core/src/closure/imports/parse-imports.ts';
