import { imagesOf } from '../config/pins.ts';
import { ErrorCode, StowageError } from '../errors.ts';
import type { PackPlan } from '../model.ts';
import { dockerFailure, runDocker } from './docker.ts';

/** The images, without digests, that the stages of these plans start from; sorted. */
export function baseImages(plans: readonly PackPlan[]): string[] {
  const images = plans.flatMap(({ stages }) => imagesOf(stages));
  return [...new Set(images.map((image) => image.replace(/@sha256:.*/, '')))].sort();
}

/**
 * Asks each image's registry for the digest that its tag means now, of all platforms together.
 * @throws StowageError ToolMissing without docker; ToolFailed where a registry does not tell
 */
export async function readDigests(images: readonly string[], signal?: AbortSignal): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  for (const image of images) {
    const result = await runDocker({ words: ['buildx', 'imagetools', 'inspect', image, '--format', '{{.Manifest.Digest}}'], signal });
    if (result.status !== 0) throw dockerFailure(`The inspection of ${image}`, result, 'Does the registry have this image?');
    const digest = /sha256:[0-9a-f]{64}/.exec(result.stdout)?.[0];
    if (digest === undefined) throw new StowageError(ErrorCode.ToolFailed, `docker buildx imagetools told no digest of ${image}.`);
    digests[image] = digest;
  }
  return digests;
}
