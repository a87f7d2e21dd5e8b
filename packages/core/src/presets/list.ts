import { didYouMean, ErrorCode, StowageError } from '../errors.ts';
import { node } from './node/preset.ts';
import type { AppFacts, Preset } from './preset.ts';
import { reactRouterSpa } from './react-router-spa/preset.ts';
import { vite } from './vite/preset.ts';

/** All presets, the more particular first. */
export const presets: readonly Preset[] = [reactRouterSpa, vite, node];

export interface FoundPreset {
  readonly preset: Preset;
  /** Undefined where nothing tells what the package is: the plain one is taken. */
  readonly reason: string | undefined;
}

/** @throws StowageError NoPreset where the config names one that does not exist */
export function findPreset(app: AppFacts): FoundPreset {
  const wanted = app.config.preset;
  if (wanted === undefined) {
    for (const preset of presets) {
      const reason = preset.detect(app);
      if (reason !== undefined) return { preset, reason };
    }
    return { preset: node, reason: undefined };
  }
  const preset = presets.find(({ id }) => id === wanted);
  const known = presets.map(({ id }) => id);
  if (preset === undefined) {
    throw new StowageError(ErrorCode.NoPreset, `There is no preset "${wanted}".`, {
      hint: didYouMean(wanted, known) ?? `Known: ${known.join(', ')}.`,
    });
  }
  return { preset, reason: 'named in the config' };
}
