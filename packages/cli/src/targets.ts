import { type PlannedTarget, type PlanOutline, planTargets, readBranches, secretWords, type TargetRequest, type Workspace } from '@stowage/core';

/** What `build` and `bake` are told of images. */
export interface TargetOptions {
  readonly tag?: readonly string[];
  readonly platform?: readonly string[];
  readonly cache?: string;
  readonly reproducible?: boolean;
  /** Options of `docker buildx build`. */
  readonly extra: readonly string[];
}

export function targetsOf<Plan extends PlanOutline>(
  workspace: Workspace,
  plans: readonly Plan[],
  { tag, platform, cache, reproducible = false }: TargetOptions,
  settings: TargetRequest['settings'],
  contextOf: (plan: PlanOutline) => string,
): PlannedTarget<Plan>[] {
  return planTargets(plans, {
    tags: tag ?? [],
    platforms: (platform ?? []).flatMap((list) => list.split(',')),
    cache,
    reproducible,
    branches: cache === undefined ? { current: undefined, bases: [] } : readBranches(workspace.root),
    settings,
    contextOf,
    secretsOf: ({ secrets }) => secretWords(secrets),
  });
}
