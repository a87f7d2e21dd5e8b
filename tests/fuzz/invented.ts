import type { Manifest, PackageManagerId } from '@stowage/core';

/** What a registry holds of one version; the fields of a package.json, and what only a registry says. */
export interface InventedPackage extends Manifest {
  readonly name: string;
  readonly version: string;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: true }>>;
  readonly bundleDependencies?: readonly string[];
  readonly deprecated?: string;
}

export interface InventedImporter {
  /** `.` for the root, which comes first. */
  readonly id: string;
  readonly manifest: Manifest;
}

/** A whole repository and the registry that it installs from: plain data, so that it can be kept as a file and cut down. */
export interface InventedRepository {
  readonly manager: { readonly id: PackageManagerId; readonly version: string };
  readonly registry: readonly InventedPackage[];
  readonly importers: readonly InventedImporter[];
  /** Content of pnpm-workspace.yaml or .yarnrc.yml. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly npmrc?: Readonly<Record<string, string>>;
  /** Content of bunfig.toml, section `install`. */
  readonly bunfig?: Readonly<Record<string, string>>;
  /** Further files: patches. */
  readonly files?: Readonly<Record<string, string>>;
}

export const dependencyKinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** The program of every invented package: what a patch can be made for. */
export function programOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return `module.exports = '${name}@${version}';\n`;
}

/** All files of a repository but its lockfile, by path. */
export function filesOf(repository: InventedRepository): Readonly<Record<string, string>> {
  const { manager, importers, settings, npmrc, bunfig, files = {} } = repository;
  const settingsFile = manager.id === 'pnpm' ? 'pnpm-workspace.yaml' : '.yarnrc.yml';
  const lines = (record: Readonly<Record<string, string>>) => Object.entries(record).map(([key, value]) => `${key}=${value}\n`);
  return {
    ...Object.fromEntries(
      importers.flatMap(({ id, manifest }) => [
        [id === '.' ? 'package.json' : `${id}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`],
        ...(id === '.' ? [] : [[`${id}/index.js`, `module.exports = '${id}';\n`]]),
      ]),
    ),
    ...(settings === undefined ? {} : { [settingsFile]: yaml(settings, 0) }),
    ...(npmrc === undefined ? {} : { '.npmrc': lines(npmrc).join('') }),
    ...(bunfig === undefined ? {} : { 'bunfig.toml': `[install]\n${lines(bunfig).join('')}` }),
    ...files,
  };
}

/** Block style, as people write these files. */
function yaml(value: unknown, depth: number): string {
  const indent = '  '.repeat(depth);
  const nested = (entry: unknown): boolean => typeof entry === 'object' && entry !== null && Object.keys(entry).length > 0;
  if (Array.isArray(value)) return value.map((entry) => `${indent}- ${scalar(entry)}\n`).join('');
  return Object.entries(value as Record<string, unknown>)
    .map(([key, entry]) => `${indent}${scalar(key)}:${nested(entry) ? `\n${yaml(entry, depth + 1)}` : ` ${scalar(entry)}\n`}`)
    .join('');
}

function scalar(value: unknown): string {
  return typeof value === 'string' && /^[a-z][\w./-]*$/i.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);
}
