import { ErrorCode, StowageError } from '../../errors.ts';
import type { Importer } from '../../model.ts';
import { parseDescriptor } from './descriptor.ts';
import type { BerryLockfile, LockEntry } from './lockfile.ts';
import type { BerryPackage } from './project.ts';

/** @throws StowageError LockfileOutdated for a workspace that the lockfile does not know by this name */
export function workspaceEntry(lockfile: BerryLockfile, { id, name, manifest }: Importer): LockEntry {
  const entry = lockfile.byWorkspace.get(id);
  if (entry !== undefined && (manifest.name === undefined || entry.resolution === `${manifest.name}@workspace:${id}`)) return entry;
  throw new StowageError(ErrorCode.LockfileOutdated, `${lockfile.path} has no entry for the workspace ${name} (${id}).`, {
    where: { file: lockfile.path, ...(entry === undefined ? {} : { line: entry.line, key: entry.resolution }) },
    hint: `Run \`yarn install\` and commit ${lockfile.path}.`,
  });
}

export function packageOf(entry: LockEntry): BerryPackage {
  return { locator: entry.resolution, version: entry.version, dependencies: entry.dependencies };
}

export function nameAndVersion(entry: LockEntry): string {
  return `${nameOf(entry)}@${entry.version}`;
}

export function nameOf(entry: LockEntry): string {
  return parseDescriptor(entry.resolution)?.name ?? entry.resolution;
}
