import { major } from 'semver';
import type { PackageManagerAdapter } from '../adapter.ts';
import { dockerCommands, verifyCommand } from './docker.ts';
import { edgesOf } from './edges.ts';
import { baseKey, labelOf } from './graph.ts';
import { type PnpmLockfile, parseLockfile } from './lockfile.ts';
import { prune } from './prune.ts';
import { assertAccepts, defaultVersion } from './versions.ts';

/** pnpm 7 to 12. */
export const pnpm: PackageManagerAdapter<PnpmLockfile> = {
  id: 'pnpm',
  lockfileNames: ['pnpm-lock.yaml'],
  owns: () => true,
  parse: parseLockfile,
  defaultVersion,
  assertAccepts,
  edges: edgesOf,
  peersOf: (lockfile, key) => Object.keys(lockfile.document.packages.get(baseKey(lockfile, key))?.peerDependencies ?? {}),
  packages: (lockfile) => new Set(lockfile.document.snapshots.blocks.map(({ key }) => labelOf(lockfile, key))),
  manifestFields: {
    importer: ['bin', 'dependenciesMeta', 'devEngines', 'directories', 'engines', 'peerDependenciesMeta', 'publishConfig'],
    root: ['packageManager', 'pnpm', 'resolutions'],
  },
  takesPeerProviders: true,
  lifecycleScripts: ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'],
  versionRange,
  prune,
  docker: dockerCommands,
  verifyCommand,
  minimumNode: (version) => (major(version) >= 11 ? 22 : 18),
};

/** pnpm 11 and 12 check the version of a linked workspace against the range of a dependent, be it `workspace:^1.0.0` or `^1.0.0`. */
function versionRange(specifier: string): string | undefined {
  const range = specifier.replace(/^(?:workspace|npm):/, '').replace(/^(?:@[^@/]+\/)?[^@/]+@/, '');
  if (['', '*', '^', '~'].includes(range) || /^[a-z]+:|^\.{0,2}\//i.test(range)) return undefined;
  return /^[\s\dv<>=^~]/.test(range) ? range : undefined;
}
