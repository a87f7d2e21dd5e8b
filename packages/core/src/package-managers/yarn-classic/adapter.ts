import semver from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { PackageManagerAdapter } from '../adapter.ts';
import { dockerClassic, verifyClassic } from './docker.ts';
import { edgesOf } from './edges.ts';
import { type ClassicLockfile, parseClassicLockfile } from './lockfile.ts';
import { pruneClassic } from './prune.ts';
import { packageName } from './walk.ts';

/** Yarn 1: behaviour as of 1.22.22, its last release. */
export const yarnClassic: PackageManagerAdapter<ClassicLockfile> = {
  id: 'yarn-classic',
  lockfileNames: ['yarn.lock'],
  owns: ({ text }) => !/^__metadata:/m.test(text),
  parse: parseClassicLockfile,
  defaultVersion: () => '1.22.22',
  assertAccepts(version, lockfile) {
    if (semver.major(version) === 1) return;
    throw new StowageError(ErrorCode.LockfileVersion, `yarn ${version} does not install a yarn.lock of yarn 1 frozen.`, {
      where: { file: lockfile.path, line: 2 },
      hint: `Run \`yarn install\` with yarn ${version} and commit yarn.lock, or name yarn@1.22.22 as packageManager.`,
    });
  },
  edges: edgesOf,
  packages: ({ entries }) => new Set(entries.map((entry) => `${packageName(entry)}@${entry.version}`)),
  manifestFields: {
    importer: ['bin', 'cpu', 'directories', 'engines', 'os', 'private', 'workspaces'],
    root: ['flat', 'installConfig', 'private', 'resolutions', 'workspaces'],
  },
  takesPeerProviders: false,
  lifecycleScripts: ['preinstall', 'install', 'postinstall'],
  versionRange: (specifier) => {
    const range = semver.validRange(specifier, { loose: true });
    return range === null || range === '*' ? undefined : specifier;
  },
  prune: pruneClassic,
  docker: dockerClassic,
  verifyCommand: verifyClassic,
};
