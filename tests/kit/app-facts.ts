import type { Manifest } from '../../packages/core/src/model.ts';
import { findPreset } from '../../packages/core/src/presets/list.ts';
import type { AppFacts, AppPlan } from '../../packages/core/src/presets/preset.ts';
import { memoryFiles } from './memory-files.ts';

/** An app in `apps/web`: its manifest, and its files by their path in the app. */
export function appOf(
  manifest: Manifest,
  files: Readonly<Record<string, string>> = {},
  more: {
    readonly config?: AppFacts['config'];
    readonly root?: Manifest;
    readonly above?: Readonly<Record<string, string>>;
    readonly shared?: boolean;
  } = {},
): AppFacts {
  const { config = {}, root = {}, above = {}, shared = false } = more;
  const own = Object.entries(files).map(([path, text]) => [`apps/web/${path}`, text]);
  return {
    importer: { id: 'apps/web', name: 'web', manifest },
    root: { id: '.', name: 'root', manifest: root },
    shared,
    files: memoryFiles({ ...above, ...Object.fromEntries(own) }),
    config,
  };
}

/** What an app is taken for, and what is made of it. */
export function found(...app: Parameters<typeof appOf>): { readonly id: string; readonly reason: string | undefined; readonly plan: AppPlan } {
  const facts = appOf(...app);
  const { preset, reason } = findPreset(facts);
  return { id: preset.id, reason, plan: preset.plan(facts) };
}
