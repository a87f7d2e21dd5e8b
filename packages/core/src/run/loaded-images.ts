import { identityLabel } from '../bake/definition.ts';
import { dockerFailure, runDocker } from './docker.ts';
import { covers } from './platforms.ts';

interface LoadedImage {
  readonly Id: string;
  readonly Os: string;
  readonly Architecture: string;
  readonly Variant?: string;
  readonly Config?: { readonly Labels?: Readonly<Record<string, string>> | null };
}

/** Ids of images in the engine that have a platform and one of these identities, by identity. */
export async function findLoaded(
  identities: readonly string[],
  platform: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const listed = await runDocker({ words: ['image', 'ls', '--no-trunc', '--quiet', `--filter=label=${identityLabel}`], signal });
  const ids = [...new Set(listed.stdout.split('\n').filter((line) => line !== ''))];
  if (listed.status !== 0 || ids.length === 0) return new Map();
  const inspected = await runDocker({ words: ['image', 'inspect', ...ids], signal });
  if (inspected.status !== 0) return new Map(); // one was removed meanwhile
  const found = new Map<string, string>();
  for (const { Id, Os, Architecture, Variant, Config } of JSON.parse(inspected.stdout) as LoadedImage[]) {
    const identity = Config?.Labels?.[identityLabel];
    const fits = covers([{ os: Os, architecture: Architecture, ...(Variant ? { variant: Variant } : {}) }], [platform]);
    if (identity !== undefined && identities.includes(identity) && fits) found.set(identity, Id);
  }
  return found;
}

/** @throws StowageError ToolFailed */
export async function tagLoaded(id: string, tags: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  for (const tag of tags) {
    const result = await runDocker({ words: ['image', 'tag', id, tag], signal });
    if (result.status !== 0) throw dockerFailure(`docker image tag ${id} ${tag}`, result, 'Is the tag a valid name of an image?');
  }
}
