import { major, validRange } from 'semver';
import type { PackageManagerAdapter } from '../adapter.ts';
import { dockerCommands, verifyCommand } from './docker.ts';
import { lockedEdges } from './edges.ts';
import { type NpmLockfile, parseLockfile } from './lockfile.ts';
import { prune } from './prune.ts';
import { lockedPackages } from './resolutions.ts';
import { assertAccepts, defaultVersion } from './versions.ts';

/** npm 10 to 12 with lockfileVersion 2, 3 and 4. */
export const npm: PackageManagerAdapter<NpmLockfile> = {
  id: 'npm',
  // npm up to 11 prefers the shrinkwrap where both are there.
  lockfileNames: ['npm-shrinkwrap.json', 'package-lock.json'],
  owns: () => true,
  parse: parseLockfile,
  defaultVersion,
  assertAccepts,
  edges: lockedEdges,
  peersOf: ({ entries }, location) => {
    const { peerDependencies, peerDependenciesMeta } = entries.get(location) ?? {};
    return Object.keys({ ...peerDependencies, ...peerDependenciesMeta });
  },
  packages: lockedPackages,
  manifestFields: {
    importer: [
      'acceptDependencies',
      'bin',
      'bundleDependencies',
      'bundledDependencies',
      'cpu',
      'directories',
      'engines',
      'libc',
      'os',
      'peerDependenciesMeta',
    ],
    root: ['allowScripts', 'devEngines', 'overrides', 'packageExtensions', 'patchedDependencies', 'workspaces'],
  },
  takesPeerProviders: false,
  lifecycleScripts: ['preinstall', 'prepare', 'install', 'postinstall'],
  versionRange: (specifier) => {
    const range = validRange(specifier, { loose: true });
    return range === null || range === '*' ? undefined : specifier;
  },
  prune,
  docker: dockerCommands,
  verifyCommand,
  minimumNode: (version) => (major(version) >= 12 ? 22 : 18),
};
