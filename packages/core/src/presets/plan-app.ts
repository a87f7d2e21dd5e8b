import type { AppConfig } from '../config/schema.ts';
import type { Importer, Workspace } from '../model.ts';
import { appFacts } from './facts.ts';
import { type FoundPreset, findPreset } from './list.ts';
import { nodeVersion } from './node-version.ts';
import type { AppPlan } from './preset.ts';

/** What an app is, and all that its preset makes of it. */
export interface PlannedApp extends FoundPreset {
  readonly plan: AppPlan;
  /** What the app was told, and where it was told nothing, what its preset says of the build. */
  readonly config: AppConfig;
  /** Major version of Node. */
  readonly node: number;
}

/** @throws StowageError NoPreset where the config names one that does not exist */
export function planApp(workspace: Workspace, app: Importer, told: AppConfig): PlannedApp {
  const facts = appFacts(workspace, app, told);
  const found = findPreset(facts);
  const node = nodeVersion(facts);
  const planned = withFallback(found.preset.plan(facts), told);
  const plan = { ...planned, diagnostics: [...(planned.diagnostics ?? []), ...node.diagnostics] };
  const build = told.build ?? plan.build;
  const config: AppConfig = {
    ...told,
    ...(build === undefined ? {} : { build }),
    buildEnv: joined(plan.buildEnv ?? {}, told.buildEnv ?? {}),
    runtimeInclude: [...((plan.kind === 'server' ? plan.reads : undefined) ?? []), ...(told.runtimeInclude ?? [])],
  };
  return { ...found, plan, config, node: node.major };
}

function withFallback(plan: AppPlan, { fallback }: AppConfig): AppPlan {
  return plan.kind === 'server' || fallback === undefined ? plan : { ...plan, fallback: fallback === false ? undefined : fallback };
}

/** The config's values go before the preset's; options of Node add up. */
function joined(preset: Readonly<Record<string, string>>, told: Readonly<Record<string, string>>): Record<string, string> {
  const options = [preset.NODE_OPTIONS, told.NODE_OPTIONS].filter((each) => each !== undefined);
  return { ...preset, ...told, ...(options.length === 0 ? {} : { NODE_OPTIONS: options.join(' ') }) };
}
