/** The innermost importer that a path lies in, if any but the root. */
export function ownerOf<T extends { readonly id: string }>(path: string, importers: readonly T[]): T | undefined {
  return importers.filter(({ id }) => id !== '.' && (path === id || path.startsWith(`${id}/`))).sort((a, b) => b.id.length - a.id.length)[0];
}
