import { validRange } from 'semver';
import type { Importer, Manifest } from '../../model.ts';
import { byCodeUnit, sortedBy } from '../../order.ts';
import { parseDescriptor } from './descriptor.ts';
import type { BerryLockfile, LockEntry } from './lockfile.ts';
import type { BerryProject } from './project.ts';
import type { Reached } from './reach.ts';
import { printKey, printMap, type SymlMap } from './syml.ts';
import { isYarn3Format } from './versions.ts';

/** The lockfile as yarn itself would write it for these importers: entries as they were, keys narrowed, workspaces from their manifests. */
export function printLockfile(project: BerryProject, { descriptors }: Reached, importers: readonly Importer[]): string {
  const { lockfile } = project;
  const byId = new Map(importers.map((importer) => [importer.id, importer]));
  const blocks = [...descriptors].map(([entry, asked]) => {
    const importer = entry.workspace === undefined ? undefined : byId.get(entry.workspace);
    const body = importer === undefined ? entry.body : printWorkspace(project, importer, entry);
    return { key: [...asked].sort(byCodeUnit).join(', '), body };
  });
  const header = printHeader(lockfile, [...descriptors.keys()]);
  const text = [header, ...sortedBy(blocks, ({ key }) => key).map(({ key, body }) => `${printKey(key)}${body}`)].join('\n');
  return text.replaceAll('\n', lockfile.lineEnd);
}

/** Yarn 3 tells the cache key only where a checksum needs it. */
function printHeader({ header, version }: BerryLockfile, entries: readonly LockEntry[]): string {
  const needed = !isYarn3Format(version) || entries.some(({ checksum }) => checksum !== undefined);
  return needed ? header : header.replace(/^ {2}cacheKey: .*\n/m, '');
}

function printWorkspace(project: BerryProject, importer: Importer, entry: LockEntry): string {
  const { manifest } = importer;
  return printMap(
    new Map<string, string | SymlMap>([
      ['version', '0.0.0-use.local'],
      ['resolution', entry.resolution],
      ['dependencies', project.packageOf(importer, entry).dependencies],
      ['peerDependencies', peersOf(manifest)],
      ['dependenciesMeta', metaOf(manifest)],
      ['peerDependenciesMeta', flagsOf(manifest.peerDependenciesMeta, ['optional'])],
      ['bin', binOf(manifest)],
      ...(entry.checksum === undefined ? [] : [['checksum', entry.checksum] as const]),
      ['languageName', 'unknown'],
      ['linkType', 'soft'],
    ]),
  );
}

/** Yarn reads a peer's range that is neither semver nor of the workspace protocol as any version. */
function peersOf({ peerDependencies = {} }: Manifest): SymlMap {
  const readable = (range: unknown): range is string =>
    typeof range === 'string' && (range.startsWith('workspace:') || (!range.includes(':') && validRange(range) !== null));
  return new Map(Object.entries(peerDependencies).map(([name, range]) => [name, readable(range) ? range : '*']));
}

function metaOf({ dependenciesMeta, optionalDependencies = {} }: Manifest): SymlMap {
  const meta = new Map(flagsOf(dependenciesMeta, ['built', 'optional', 'unplugged']));
  for (const name of Object.keys(optionalDependencies)) meta.set(name, new Map([...(meta.get(name) ?? []), ['optional', 'true']]));
  return meta;
}

function flagsOf(value: unknown, names: readonly string[]): Map<string, ReadonlyMap<string, string>> {
  return new Map(
    Object.entries((value ?? {}) as Record<string, Record<string, unknown>>).map(([key, flags]) => [
      key,
      new Map(names.flatMap((name) => (typeof flags?.[name] === 'boolean' ? [[name, String(flags[name])] as const] : []))),
    ]),
  );
}

function binOf({ name = '', bin }: Manifest): SymlMap {
  const unscoped = (command: string): string => command.slice(command.lastIndexOf('/') + 1);
  const targets = typeof bin === 'string' ? [[name, bin] as const] : Object.entries(bin ?? {});
  return new Map(
    targets
      .filter(([command, target]) => parseDescriptor(command) !== undefined && typeof target === 'string' && target.trim() !== '')
      .map(([command, target]) => [unscoped(command), target.replaceAll('\\', '/')]),
  );
}
