import { createHash } from 'node:crypto';
import type { FileEntry, Files, Importer } from '../../model.ts';
import { CACHE_VERSION } from './sources.ts';

/**
 * Keys for what `importReader` finds in an importer: SHA-1 over all that it looks at. That is the contents of the importer's own files and of
 * every JSON file (manifests, and tsconfigs, which may extend any other), and of the rest which paths there are.
 */
export function readingKeys(
  files: Files,
  importers: readonly Importer[],
  owned: ReadonlyMap<string, readonly FileEntry[]>,
): (importer: Importer) => string {
  let shared: string | undefined;
  const contentOf = ({ path, mode }: FileEntry): string => `${mode} ${files.blobId(path)} ${path}`;
  return ({ id }) => {
    shared ??= sha1([
      ...importers.map((importer) => importer.id),
      ...files.list.map((file) => (file.path.endsWith('.json') ? contentOf(file) : file.path)),
    ]);
    return `reading:${CACHE_VERSION}:${sha1([shared, id, ...(owned.get(id) ?? []).map(contentOf)])}`;
  };
}

function sha1(parts: readonly string[]): string {
  return createHash('sha1').update(parts.join('\0')).digest('hex');
}
