import semver from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { PackageManagerAdapter } from '../adapter.ts';
import { dockerBun, verifyBun } from './docker.ts';
import { edgesOf, workspacePath } from './edges.ts';
import { type BunLockfile, parseBunLockfile } from './lockfile.ts';
import { pruneBun } from './prune.ts';

/** First release that reads each lockfile version, and the newest that writes it afresh. */
const RELEASES = [
  { since: '1.1.39', newest: '1.1.45' },
  { since: '1.2.0', newest: '1.3.14' },
  { since: '1.4.0', newest: '1.4.5' },
  { since: '1.4.0', newest: '1.4.5' },
] as const;

/** Bun with its text lockfile: behaviour as of 1.2 to 1.4. */
export const bun: PackageManagerAdapter<BunLockfile> = {
  id: 'bun',
  lockfileNames: ['bun.lock', 'bun.lockb'],
  owns: () => true,
  parse: parseBunLockfile,
  defaultVersion: ({ version }) => releasesOf(version).newest,
  assertAccepts(version, lockfile) {
    const { since, newest } = releasesOf(lockfile.version);
    if (semver.gte(version, since)) return;
    throw new StowageError(
      ErrorCode.LockfileVersion,
      `bun ${version} ignores ${lockfile.path}: its version ${lockfile.version} needs bun ${since}.`,
      {
        where: { file: lockfile.path, line: lockfile.sections.find(({ key }) => key === 'lockfileVersion')?.line ?? 1 },
        hint: `Name bun@${newest} as packageManager, or write the lockfile with bun ${version}.`,
      },
    );
  },
  edges: edgesOf,
  packages: ({ entries }) =>
    new Set(
      [...entries.values()]
        .map((entry) => entry.package)
        .filter((each) => workspacePath(each) === undefined)
        .map(({ name, resolution }) => `${name}@${resolution}`),
    ),
  manifestFields: {
    importer: ['bin', 'directories', 'peerDependenciesMeta'],
    root: ['catalog', 'catalogs', 'overrides', 'patchedDependencies', 'resolutions', 'trustedDependencies', 'workspaces'],
  },
  takesPeerProviders: true,
  lifecycleScripts: ['preinstall', 'install', 'postinstall', 'prepare'],
  versionRange(specifier) {
    const range = specifier.replace(/^workspace:/, '').trim();
    const known = semver.validRange(range, { loose: true });
    return known === null || known === '*' ? undefined : range;
  },
  prune: pruneBun,
  docker: dockerBun,
  verifyCommand: verifyBun,
};

function releasesOf(version: number): (typeof RELEASES)[number] {
  return RELEASES[version] ?? (RELEASES[RELEASES.length - 1] as (typeof RELEASES)[number]);
}
