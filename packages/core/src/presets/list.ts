import { didYouMean, ErrorCode, StowageError } from '../errors.ts';
import { angular } from './angular/preset.ts';
import { astro } from './astro/preset.ts';
import { bun } from './bun/preset.ts';
import { cli } from './cli/preset.ts';
import { createReactApp } from './create-react-app/preset.ts';
import { docusaurus } from './docusaurus/preset.ts';
import { nest } from './nest/preset.ts';
import { next } from './next/preset.ts';
import { nitro } from './nitro/preset.ts';
import { node } from './node/preset.ts';
import { nuxt } from './nuxt/preset.ts';
import { nx } from './nx/preset.ts';
import type { AppFacts, Preset } from './preset.ts';
import { reactRouter } from './react-router/preset.ts';
import { remix } from './remix/preset.ts';
import { staticFiles } from './static/preset.ts';
import { storybook } from './storybook/preset.ts';
import { sveltekit } from './sveltekit/preset.ts';
import { tanstackStart } from './tanstack-start/preset.ts';
import { vite } from './vite/preset.ts';
import { vitepress } from './vitepress/preset.ts';

/** All presets, the more particular first. */
export const presets: readonly Preset[] = [
  next,
  nuxt,
  reactRouter,
  remix,
  tanstackStart,
  sveltekit,
  astro,
  angular,
  nitro,
  nest,
  docusaurus,
  createReactApp,
  vite,
  bun,
  vitepress,
  storybook,
  node,
  cli,
  nx,
  staticFiles,
];

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
      where: { key: 'preset' },
      hint: didYouMean(wanted, known) ?? `Known: ${known.join(', ')}.`,
    });
  }
  return { preset, reason: 'named in the config' };
}
