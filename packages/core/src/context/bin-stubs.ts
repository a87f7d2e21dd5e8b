import { posix } from 'node:path';
import type { Files, Importer, PlannedFile } from '../model.ts';

/** POSIX paths, relative to the root, of the files that an importer's `bin` (or `directories.bin`) names. */
export function binTargets({ id, manifest }: Importer, files: Files): string[] {
  const targets = typeof manifest.bin === 'string' ? [manifest.bin] : Object.values(manifest.bin ?? {});
  const folder = (manifest.directories as { bin?: unknown } | undefined)?.bin;
  const inside = (path: string): string => posix.normalize(posix.join(id, path));
  const listed = typeof folder === 'string' ? files.list.filter(({ path }) => path.startsWith(`${inside(folder)}/`)).map(({ path }) => path) : [];
  return [...targets.filter((target) => typeof target === 'string').map(inside), ...listed].filter((path) => !path.startsWith('../'));
}

/**
 * Stand-ins for the programs that workspace packages offer: a package manager links a `bin` only where its file exists, and in the
 * install there are no sources yet. The real file, from the sources or the build, takes the stand-in's place.
 */
export function planBinStubs(importers: readonly Importer[], files: Files): PlannedFile[] {
  const paths = new Set(importers.flatMap((importer) => binTargets(importer, files)));
  return [...paths].map((path) => ({ path, mode: '100755', text: '#!/usr/bin/env node\n' }));
}
