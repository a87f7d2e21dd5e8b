import type { PrunedInstall } from './adapter.ts';

/** Names of packages that an install puts where any source may find them. */
export function namesFoundAnywhere({ resolutions, nested }: Pick<PrunedInstall, 'resolutions' | 'nested'>): ReadonlySet<string> {
  return new Set(resolutions.filter(({ name, version }) => nested?.has(`${name}@${version}`) !== true).map(({ name }) => name));
}
