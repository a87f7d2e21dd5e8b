import { identityLabel } from '../bake/definition.ts';
import { dockerFailure, runDocker } from './docker.ts';
import { covers } from './platforms.ts';

export interface RegistryAccess {
  readonly builder: string | undefined;
  readonly signal: AbortSignal | undefined;
}

interface Inspected {
  readonly manifest: { readonly digest: string };
  /** Of one platform, or by platform. */
  readonly image: ImageConfig | Readonly<Record<string, ImageConfig>>;
}

interface ImageConfig {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
  readonly config?: { readonly Labels?: Readonly<Record<string, string>> };
}

/**
 * The digest of a tag in a registry whose image has this identity (its whole label is compared, not the tag's few digits) and these
 * platforms; undefined where there is none, or where the registry does not let one look.
 * @throws StowageError ToolFailed where the registry does not answer
 */
export async function findPublished(
  reference: string,
  identity: string,
  platforms: readonly string[],
  { builder, signal }: RegistryAccess,
): Promise<string | undefined> {
  const result = await runDocker({ words: imagetools(builder, 'inspect', '--format={{json .}}', reference), signal });
  if (result.status !== 0) {
    if (result.last.some((line) => /failed to (do|send) request|dial tcp|connection refused|no such host|i\/o timeout/i.test(line))) {
      throw dockerFailure(`Asking the registry for ${reference}`, result, '');
    }
    return undefined;
  }
  const { manifest, image }: Inspected = JSON.parse(result.stdout);
  const configs = isConfig(image) ? [image] : Object.values(image);
  const same = configs.length > 0 && configs.every(({ config }) => config?.Labels?.[identityLabel] === identity);
  return same && covers(configs, platforms) ? manifest.digest : undefined;
}

/**
 * Gives an image of a registry further tags, by its digest: nothing is built, and layers that are there are not sent.
 * @throws StowageError ToolFailed
 */
export async function tagPublished(source: string, tags: readonly string[], { builder, signal }: RegistryAccess): Promise<void> {
  const result = await runDocker({ words: imagetools(builder, 'create', '--progress=plain', ...tags.map((tag) => `--tag=${tag}`), source), signal });
  if (result.status !== 0) throw dockerFailure(`Tagging ${source}`, result, `${source} is there: may this account push ${tags.join(', ')}?`);
}

function imagetools(builder: string | undefined, command: string, ...words: readonly string[]): string[] {
  return ['buildx', 'imagetools', command, ...(builder === undefined ? [] : [`--builder=${builder}`]), ...words];
}

function isConfig(image: Inspected['image']): image is ImageConfig {
  return 'architecture' in image;
}
