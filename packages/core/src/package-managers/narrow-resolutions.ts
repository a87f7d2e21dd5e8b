import type { Importer } from '../model.ts';

/** The root with those of its `resolutions` alone that may decide something: others would only make a change of theirs one of the install. */
export function withResolutions(root: Importer, decides: (key: string) => boolean): Importer {
  const { resolutions, ...manifest } = root.manifest;
  if (resolutions === undefined) return root;
  const kept = Object.entries(resolutions as Record<string, unknown>).filter(([key]) => decides(key));
  return { ...root, manifest: kept.length === 0 ? manifest : { ...root.manifest, resolutions: Object.fromEntries(kept) } };
}
