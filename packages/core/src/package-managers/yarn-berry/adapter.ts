import type { PackageManagerAdapter } from '../adapter.ts';
import { dockerCommands } from './docker.ts';
import { edgesOf } from './edges.ts';
import { type BerryLockfile, isBerryLockfile, parseLockfile } from './lockfile.ts';
import { nameAndVersion } from './package-entry.ts';
import { prune } from './prune.ts';
import { versionRange } from './version-range.ts';
import { assertWrites, newestFor } from './versions.ts';

/** Yarn 3.2 and later, and yarn 4: lockfiles of version 6 to 10. */
export const yarnBerry: PackageManagerAdapter<BerryLockfile> = {
  id: 'yarn-berry',
  lockfileNames: ['yarn.lock'],
  owns: isBerryLockfile,
  parse: parseLockfile,
  defaultVersion: ({ version }) => newestFor(version),
  assertAccepts: (yarn, { version, path }) => assertWrites(yarn, version, path),
  edges: edgesOf,
  peersOf: ({ entries }, resolution) => entries.find((entry) => entry.resolution === resolution)?.peers ?? [],
  packages: ({ entries }) => new Set(entries.filter(({ workspace }) => workspace === undefined).map(nameAndVersion)),
  manifestFields: {
    // `type` decides whether plug'n'play writes its loader of ES modules.
    importer: ['bin', 'dependenciesMeta', 'installConfig', 'peerDependenciesMeta', 'preferUnplugged', 'type'],
    root: ['packageManager', 'resolutions', 'workspaces'],
  },
  takesPeerProviders: false,
  lifecycleScripts: ['preinstall', 'install', 'postinstall'],
  versionRange,
  prune,
  docker: dockerCommands,
  verifyCommand: ({ version }) => ['npx', '--yes', `--package=@yarnpkg/cli-dist@${version}`, 'yarn', 'install', '--immutable', '--mode=skip-build'],
};
