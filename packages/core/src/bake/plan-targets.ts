import { ErrorCode, StowageError } from '../errors.ts';
import { imageName } from '../image-name.ts';
import type { PlanOutline } from '../model.ts';
import { type Branches, cacheOptions } from './cache-refs.ts';
import { type BakeFile, type BakeTarget, identityLabel } from './definition.ts';
import { identityTag, imageIdentity } from './image-identity.ts';
import { assertImageReference, repositoryOf } from './image-reference.ts';
import { assertPlatform } from './platform.ts';
import { reproducible } from './reproducible.ts';

/** What all images of one build are told. */
export interface TargetRequest {
  /** Names of the images; `{app}` stands for the app's. Default: the app's name alone. */
  readonly tags: readonly string[];
  readonly platforms: readonly string[];
  /** A place for BuildKit's cache, of which each app and branch gets a part; see `cacheOptions`. */
  readonly cache: string | undefined;
  readonly branches: Branches;
  /** Whether the image is to have the same digest wherever it is built; see `reproducible`. */
  readonly reproducible?: boolean;
  /** What buildx is told besides; see `parseBuildWords`. */
  readonly settings: Omit<BakeTarget, 'context'>;
  /** The folder of a plan, as the bake file names it. */
  readonly contextOf: (plan: PlanOutline) => string;
  /** Words for the secrets of a plan that are there on this machine. */
  readonly secretsOf: (plan: PlanOutline) => readonly string[];
}

/** The image of a plan: its target in a bake file, and what it is known by. */
export interface PlannedTarget<Plan extends PlanOutline = PlanOutline> {
  readonly plan: Plan;
  /** Of the target: letters, digits and hyphens. */
  readonly name: string;
  readonly identity: string;
  readonly tags: readonly string[];
  /** One for each repository among the tags, made of the identity. */
  readonly identityTags: readonly string[];
  readonly target: BakeTarget;
}

/**
 * One target for each plan, each complete in itself: no target refers to another, so that each can be built alone. What several have in
 * common (the base, an equal install) BuildKit does once, as it goes by content.
 * @throws StowageError DuplicateName where two apps would have one target's name; Usage where several would have one tag, one that no image can have,
 * or a platform is none
 */
export function planTargets<Plan extends PlanOutline>(plans: readonly Plan[], request: TargetRequest): PlannedTarget<Plan>[] {
  const given = [...request.tags, ...(request.settings.tags ?? [])];
  const patterns = given.length === 0 ? ['{app}'] : given;
  const different = plans.filter((plan, index) => plans.findIndex(({ app }) => app.id === plan.app.id) === index);
  assertDifferentNames(different);
  assertTagsFor(different, patterns);
  const platforms = [...new Set([...request.platforms, ...(request.settings.platforms ?? [])])];
  for (const platform of platforms) assertPlatform(platform);
  return different.map((plan) => planTarget(plan, patterns, { ...request, platforms }));
}

export function bakeFile(targets: readonly PlannedTarget[]): BakeFile {
  return {
    group: { default: { targets: targets.map(({ name }) => name) } },
    ...(targets.length === 0 ? {} : { target: Object.fromEntries(targets.map(({ name, target }) => [name, target])) }),
  };
}

function planTarget<Plan extends PlanOutline>(plan: Plan, patterns: readonly string[], request: TargetRequest): PlannedTarget<Plan> {
  const { platforms, cache, branches } = request;
  const settings = request.reproducible === true ? reproducible(plan, request.settings) : request.settings;
  const name = imageName(plan);
  const identity = imageIdentity(plan, { ...request.settings, platforms });
  const tags = patterns.map((tag) => tag.replaceAll('{app}', name));
  tags.forEach(assertImageReference);
  const caches = cache === undefined ? { 'cache-from': [], 'cache-to': [] } : cacheOptions(cache, name, platforms, branches);
  const target: BakeTarget = {
    context: request.contextOf(plan),
    ...settings,
    tags,
    labels: { ...settings.labels, [identityLabel]: identity },
    platforms,
    secret: [...request.secretsOf(plan), ...(settings.secret ?? [])],
    'cache-from': [...caches['cache-from'], ...(settings['cache-from'] ?? [])],
    'cache-to': [...caches['cache-to'], ...(settings['cache-to'] ?? [])],
  };
  return {
    plan,
    name,
    identity,
    tags,
    identityTags: [...new Set(tags.map(repositoryOf))].map((repository) => identityTag(repository, identity)),
    target: Object.fromEntries(Object.entries(target).filter(([, value]) => !Array.isArray(value) || value.length > 0)) as unknown as BakeTarget,
  };
}

function assertDifferentNames(plans: readonly PlanOutline[]): void {
  const byName = new Map<string, PlanOutline>();
  for (const plan of plans) {
    const name = imageName(plan);
    const other = byName.get(name);
    if (other !== undefined) {
      throw new StowageError(
        ErrorCode.DuplicateName,
        `${other.app.name} (${other.app.id}) and ${plan.app.name} (${plan.app.id}) would both be the target ${name}.`,
        { hint: 'Build them one by one, or rename one of the packages.' },
      );
    }
    byName.set(name, plan);
  }
}

function assertTagsFor(plans: readonly PlanOutline[], patterns: readonly string[]): void {
  const shared = patterns.find((tag) => !tag.includes('{app}'));
  if (plans.length < 2 || shared === undefined) return;
  throw new StowageError(ErrorCode.Usage, `Several apps cannot all be tagged ${shared}.`, {
    hint: 'Let {app} stand for the app: --tag registry.example.com/{app}:1.4',
  });
}
