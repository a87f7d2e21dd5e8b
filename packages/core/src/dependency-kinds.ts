import type { DependencyKind } from './model.ts';

/** The dependency maps of a manifest, in the order in which edges are told and masked manifests are written. */
export const DEPENDENCY_KINDS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
] as const satisfies readonly DependencyKind[];
