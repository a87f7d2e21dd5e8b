import { posix } from 'node:path';
import semver from 'semver';
import type { DependencyKind, DependencyMap, Importer, Manifest } from '../../model.ts';
import { nameOf, rangeOf } from './lockfile.ts';

/** The dependency maps that yarn 1 installs; peers are never installed. Where a name is in several, the first one's range counts. */
const INSTALLED_KINDS = ['optionalDependencies', 'dependencies', 'devDependencies'] as const satisfies readonly DependencyKind[];

/** What yarn asks for on behalf of an importer: dependency name -> pattern (`name@range`). */
export function requestsOf({ id, manifest }: Importer): Map<string, string> {
  return new Map([...rangesOf(manifest)].map(([name, range]) => [name, `${name}@${fromRoot(range, id)}`]));
}

/**
 * A name in several maps is asked for once, with the first range that says something
 * (src/util/normalize-manifest/validate.js, cleanDependencies).
 */
function rangesOf(manifest: Manifest): Map<string, string> {
  const ranges = new Map<string, string>();
  for (const kind of INSTALLED_KINDS) {
    for (const [name, range] of Object.entries(manifest[kind] ?? {})) {
      const known = ranges.get(name);
      if (known === undefined || ((known === '' || known === '*') && range !== '')) ranges.set(name, range);
    }
  }
  ranges.delete('//');
  return ranges;
}

/** Paths are relative to the importer; in the lockfile to the root (src/util/normalize-manifest/resolve-relative.js). */
function fromRoot(range: string, id: string): string {
  const [, protocol, path] = /^(file:|link:)(?!\/)(.*)$/.exec(range) ?? [];
  if (protocol === undefined || path === undefined) return range;
  const relative = posix.join(id, path).replace(/(?<=.)\/$/, '');
  return `${protocol}${/^\.(?:\/|$)/.test(path) && !/^\.{1,2}(?:\/|$)/.test(relative) ? `./${relative}` : relative}`;
}

/** The folder of a `link:` or `file:` pattern, relative to the root. */
export function localFolder(pattern: string): string | undefined {
  const path = /^.[^@]*@(?:link:|file:|(?=\.{1,2}\/))(.*)$/.exec(pattern)?.[1];
  return path === undefined || /\.(?:tgz|tar\.gz)$/.test(path) ? undefined : posix.normalize(path).replace(/\/$/, '');
}

/** A narrowed importer with the ranges that the whole one would ask for: `*` in one map yields to a range in a map that went. */
export function withRangesOf(original: Importer, importer: Importer): Importer {
  const wanted = rangesOf(original.manifest);
  const own = rangesOf(importer.manifest);
  if ([...own].every(([name, range]) => wanted.get(name) === range)) return importer;
  const settle = (map: DependencyMap) => Object.fromEntries(Object.entries(map).map(([name, range]) => [name, wanted.get(name) ?? range]));
  const settled = INSTALLED_KINDS.flatMap((kind) =>
    importer.manifest[kind] === undefined ? [] : [[kind, settle(importer.manifest[kind])] as const],
  );
  return { ...importer, manifest: { ...importer.manifest, ...Object.fromEntries(settled) } };
}

/** Pattern -> the workspace that yarn links for it. */
export type LocalWorkspaces = (pattern: string) => Importer | undefined;

/**
 * Yarn links a workspace wherever its version satisfies the range, for packages of the registry too
 * (src/workspace-layout.js). It ignores workspaces without a name or a version.
 */
export function localWorkspaces(importers: readonly Importer[]): LocalWorkspaces {
  const byName = new Map(importers.filter(isInstalledWorkspace).map((importer) => [importer.name, importer]));
  return (pattern) => {
    const importer = byName.get(nameOf(pattern));
    const version = importer?.manifest.version;
    return version !== undefined && semver.satisfies(version, rangeOf(pattern), { loose: true }) ? importer : undefined;
  };
}

export function isInstalledWorkspace({ id, manifest }: Importer): boolean {
  return id !== '.' && Boolean(manifest.name) && Boolean(manifest.version);
}

/** An entry of the root's `resolutions`. Yarn asks for its pattern, needed or not. */
export interface Resolution {
  readonly key: string;
  /** The names on its path, globs among them: whose dependency it is. */
  readonly parents: readonly string[];
  readonly name: string;
  readonly pattern: string;
}

export function resolutionsOf(root: Manifest): readonly Resolution[] {
  return Object.entries((root.resolutions ?? {}) as Record<string, string>).flatMap(([key, range]) => {
    const names = isPackagePath(key) ? (key.match(/(?:@[^/]+\/)?[^/]+/g) ?? []) : [];
    const name = names.at(-1);
    if (name === undefined || !isResolutionRange(range)) return [];
    return [{ key, parents: names.slice(0, -1), name, pattern: `${name}@${range}` }];
  });
}

/** Yarn warns of other paths and skips them (src/util/parse-package-path.js). */
function isPackagePath(glob: string): boolean {
  return !/\/$|\/{2,}|\*+$/.test(glob);
}

/** Yarn warns of tags and the like and skips them; git, tarball, folder and alias specifiers are fine (src/resolution-map.js). */
function isResolutionRange(range: string): boolean {
  return semver.validRange(range) !== null || /[:/]/.test(range);
}
