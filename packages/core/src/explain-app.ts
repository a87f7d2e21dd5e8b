import { type ConfigValue, explainConfig, resolveConfig } from './config/resolve-config.ts';
import { appConfigKeys } from './config/schema.ts';
import { findBuildTool } from './context/build-tool.ts';
import { findPackageNeeds } from './context/package-needs.ts';
import type { Importer, PackPlan, Workspace } from './model.ts';
import { manifestPath } from './paths.ts';
import { appFacts } from './presets/facts.ts';
import { nodeVersion } from './presets/node-version.ts';
import { planApp } from './presets/plan-app.ts';

type Told = Pick<PackPlan, 'closure' | 'resolutions'>;

/**
 * Each value in force for an app, in the order of the documentation: what it was told, what was read of it, and defaults.
 * @param plan its plan: the packages of its lockfile tell what the stages have besides Node
 * @throws StowageError InvalidConfig, NoPreset
 */
export function explainApp(workspace: Workspace, app: Importer, plan: Told): ConfigValue[] {
  const values = new Map([...foundValues(workspace, app, plan), ...explainConfig(workspace, app)].map((value) => [value.key, value]));
  return appConfigKeys.flatMap((key) => values.get(key) ?? []);
}

function foundValues(workspace: Workspace, app: Importer, { closure, resolutions }: Told): ConfigValue[] {
  const config = resolveConfig(workspace, app);
  const { preset, reason, plan } = planApp(workspace, app, config);
  const node = nodeVersion(appFacts(workspace, app, config));
  const tool = findBuildTool(workspace, config);
  const running = workspace.importers.filter(({ id }) => closure.runtime.includes(id));
  const needs = findPackageNeeds(resolutions, {}, running);
  const some = (packages: readonly string[]) => (packages.length === 0 ? undefined : packages);
  const byLockfile = `packages of ${workspace.lockfile.path}`;
  const byPreset = `preset ${preset.id}`;
  const manifest = manifestPath(app.id);
  const found: (ConfigValue | { readonly value: undefined })[] = [
    { key: 'preset', value: preset.id, source: reason ?? 'default: nothing tells what the app is' },
    { key: 'build', value: plan.build, source: byPreset },
    app.manifest.scripts?.build === undefined ? { value: undefined } : { key: 'build', value: 'build', source: `${manifest} (scripts.build)` },
    { key: 'buildWith', value: tool?.id ?? 'package-manager', source: tool === undefined ? 'default' : `${tool.id}.json and package.json` },
    { key: 'buildEnv', value: plan.buildEnv, source: byPreset },
    { key: 'buildCache', value: plan.caches, source: byPreset },
    { key: 'node', ...node, value: node.major },
    { key: 'systemPackages', value: some(needs.systemPackages), source: byLockfile },
    ...(plan.kind === 'server'
      ? [
          { key: 'start', value: plan.command?.join(' '), source: byPreset },
          { key: 'port', value: plan.port, source: byPreset },
          { key: 'env', value: Object.keys(plan.env).length === 0 ? undefined : plan.env, source: byPreset },
          { key: 'runtimeInclude', value: plan.reads, source: byPreset },
          { key: 'runtime', value: 'slim', source: 'default' },
          { key: 'init', value: true, source: 'default' },
          { key: 'runtimePackages', value: some(needs.runtimePackages), source: byLockfile },
          { key: 'browsers', value: some(needs.browsers), source: 'dependencies (playwright)' },
        ]
      : [
          { key: 'output', value: plan.output, source: byPreset },
          { key: 'publicPath', value: plan.publicPath, source: byPreset },
          { key: 'fallback', value: plan.fallback ?? false, source: byPreset },
        ]),
  ];
  return found.flatMap((each) => (each.value === undefined ? [] : [{ key: each.key, value: each.value, source: each.source }]));
}
