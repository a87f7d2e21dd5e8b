import { serverConfigPath } from '../dockerfile/nginx.ts';
import type { PlanOutline } from '../model.ts';
import type { BakeTarget } from './definition.ts';

/** 1980-01-01T00:00:01Z, which no archive format is too young for. */
const earliest = 315_532_801;

/**
 * What makes BuildKit (0.13) give the same bytes on every machine and at any time: one time for all files and for the image's own record, and no
 * provenance, which tells when it was built. Not the commit's time: BuildKit sets back later times alone, and a layer out of a cache may hold
 * files older than the commit. nginx tells browsers by time and size whether a page is a new one, so a front end's time comes from its identity.
 * An output that is named, or else a registry's, is told to rewrite times.
 */
export function reproducible({ stages, identities }: PlanOutline, settings: Omit<BakeTarget, 'context'>): Omit<BakeTarget, 'context'> {
  const files = stages.some(({ name, instructions }) => name === 'runtime' && instructions.some((each) => each.includes(serverConfigPath)));
  const epoch = earliest + (files ? Number.parseInt(identities.image.slice(0, 7), 16) : 0);
  return {
    ...settings,
    args: { SOURCE_DATE_EPOCH: String(epoch), ...settings.args },
    attest: ['type=provenance,disabled=true', ...(settings.attest ?? [])],
    output: (settings.output ?? ['type=image']).map((output) => `${output},rewrite-timestamp=true`),
  };
}
