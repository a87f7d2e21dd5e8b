import type { Files, Manifest } from '@stowage/core/recognise';
import { load } from '@zkochan/js-yaml';
import { Minimatch } from 'minimatch';

/**
 * Whether a folder is a package of the workspace, by the globs of `pnpm-workspace.yaml` or of the root manifest's `workspaces`; one that a
 * glob after `!` matches is none. A manifest elsewhere is no project, and naming it to Nx would make it one.
 */
export function memberTest(root: Manifest, files: Files): (folder: string) => boolean {
  const globs = [...globsOfPnpm(files.read('pnpm-workspace.yaml')), ...globsOf(root.workspaces)].map((glob) =>
    glob.replace(/^(!?)\.?\//, '$1').replace(/\/$/, ''),
  );
  const [left, taken] = [
    globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)),
    globs.filter((glob) => !glob.startsWith('!')),
  ].map((list) => list.map((glob) => new Minimatch(glob, { dot: true }))) as [Minimatch[], Minimatch[]];
  return (folder) => folder === '.' || (taken.some((glob) => glob.match(folder)) && !left.some((glob) => glob.match(folder)));
}

function globsOf(workspaces: unknown): string[] {
  const list = Array.isArray(workspaces) ? workspaces : (workspaces as { packages?: unknown } | undefined)?.packages;
  return Array.isArray(list) ? list.filter((glob) => typeof glob === 'string') : [];
}

function globsOfPnpm(text: string | undefined): string[] {
  return text === undefined ? [] : globsOf(load(text));
}
