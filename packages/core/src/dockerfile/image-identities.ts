import { identityOf } from '../context/identity.ts';
import type { Files, Identities, PlannedFile, Stage } from '../model.ts';
import { renderStage } from './render.ts';

/** The identities of an image's parts: of an install its folder and the stages that make it, of the image all parts and the Dockerfile. */
export function imageIdentities(
  folders: Readonly<Record<'deps' | 'prod' | 'src', readonly PlannedFile[]>>,
  stages: readonly Stage[],
  dockerfile: string,
  files: Files,
): Identities {
  const rendered = (name: string): string[] => {
    const stage = stages.find((each) => each.name === name);
    return stage === undefined ? [] : [...rendered(stage.from), renderStage(stage)];
  };
  const deps = identityOf(folders.deps, rendered('deps'), files);
  const prod = identityOf(folders.prod, rendered('prod-deps'), files);
  const src = identityOf(folders.src, [], files);
  return { deps, prod, src, image: identityOf([], [deps, prod, src, dockerfile], files) };
}
