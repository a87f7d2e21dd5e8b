import { createHash } from 'node:crypto';
import type { PlanOutline } from '../model.ts';
import { sortedBy } from '../order.ts';
import type { BakeTarget } from './definition.ts';

/**
 * Identity of an image, SHA-256 in hex: the plan's own, and what a build is told besides that changes its content: values of build
 * arguments that the Dockerfile declares, platforms, attestations, replaced contexts, the stage that is built. Where it is told nothing,
 * the plan's own. Labels and annotations are no part of it: they tell of the commit that an image was first built from.
 */
export function imageIdentity({ identities, stages }: PlanOutline, settings: Omit<BakeTarget, 'context'>): string {
  const declared = new Set(stages.flatMap(({ instructions }) => instructions).flatMap((line) => /^ARG (\w+)/.exec(line)?.[1] ?? []));
  const told = [
    ...entries('arg', settings.args).filter(([, name]) => declared.has(name)),
    ...entries('context', settings.contexts),
    ...entries('host', settings['extra-hosts']),
    ...[...new Set(settings.platforms)].sort().map((platform) => ['platform', platform]),
    ...(settings.attest ?? []).map((attest) => ['attest', attest]),
    ...(settings.target === undefined ? [] : [['target', settings.target]]),
    ...(settings.network === undefined ? [] : [['network', settings.network]]),
  ];
  return told.length === 0
    ? identities.image
    : createHash('sha256')
        .update(JSON.stringify([identities.image, told]))
        .digest('hex');
}

/** The tag that an image of this identity has in a registry, beside those that people give. */
export function identityTag(repository: string, identity: string): string {
  return `${repository}:stowage-${identity.slice(0, 16)}`;
}

function entries(kind: string, map: Readonly<Record<string, string>> | undefined): [kind: string, name: string, value: string][] {
  return sortedBy(Object.entries(map ?? {}), ([name]) => name).map(([name, value]) => [kind, name, value]);
}
