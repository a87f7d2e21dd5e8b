import { posix } from 'node:path';
import type { Files, Importer } from '../model.ts';
import { scriptNames } from '../paths.ts';
import { recordOf } from '../text.ts';
import { nxJson } from './project.ts';

/** By the plugin: files on top of a project, any of which has it make a `build` target, and the package whose program that target starts. */
const BUILDERS: Readonly<Record<string, { readonly configs: readonly string[]; readonly starts: string }>> = {
  '@nx/vite/plugin': { configs: scriptNames('vite.config'), starts: 'vite' },
  '@nx/webpack/plugin': { configs: scriptNames('webpack.config'), starts: 'webpack-cli' },
  '@nx/rspack/plugin': { configs: scriptNames('rspack.config'), starts: '@rspack/cli' },
  '@nx/rsbuild': { configs: scriptNames('rsbuild.config'), starts: '@rsbuild/core' },
  '@nx/rollup/plugin': { configs: scriptNames('rollup.config'), starts: 'rollup' },
  '@nx/next/plugin': { configs: scriptNames('next.config'), starts: 'next' },
  '@nx/nuxt/plugin': { configs: scriptNames('nuxt.config'), starts: 'nuxt' },
  '@nx/remix/plugin': { configs: [...scriptNames('remix.config'), ...scriptNames('vite.config')], starts: '@remix-run/dev' },
  '@nx/react/router-plugin': { configs: scriptNames('react-router.config'), starts: '@react-router/dev' },
  '@nx/expo/plugin': { configs: ['app.json', ...scriptNames('app.config')], starts: 'expo' },
  '@nx/react-native/plugin': { configs: ['app.json', ...scriptNames('app.config')], starts: 'react-native' },
  '@nx/js/typescript': { configs: ['tsconfig.lib.json'], starts: 'typescript' },
};
/** Plugins whose targets build nothing: they check, test, release, or pack as Stowage does. */
const BUILDS_NOTHING =
  /^(?:@nx\/(?:eslint|jest|vitest|cypress|playwright|storybook|detox|docker|oxlint|conformance|owners)|@stowage\/nx|@jscutlery\/semver|@nx-tools\/nx-container)(?:\/|$)/;

/** A plugin entry of nx.json: its name, or an object with `plugin`. */
function nameOf(entry: unknown): string {
  return typeof entry === 'string' ? entry : String(recordOf(entry).plugin ?? '');
}

function pluginEntries(files: Files): readonly unknown[] {
  const { plugins } = nxJson(files);
  return Array.isArray(plugins) ? plugins : [];
}

/** Whether a plugin that nx.json names makes a `build` target for a project. */
export function infersBuild(importer: Importer, files: Files): boolean {
  return pluginEntries(files).some((entry) => makesBuild(entry) && hasConfig(nameOf(entry), importer, files));
}

/** Whether the target that builds has its usual name: `@nx/js/typescript` tells it, or that there is none, under `build`. */
function makesBuild(entry: unknown): boolean {
  const { buildTargetName, build } = recordOf(recordOf(entry).options);
  return build !== false && (buildTargetName ?? recordOf(build).targetName ?? 'build') === 'build';
}

function hasConfig(plugin: string, { id }: Importer, files: Files): boolean {
  return BUILDERS[plugin]?.configs.some((name) => files.get(posix.join(id, name)) !== undefined) ?? false;
}

/** The entries of nx.json's `plugins` that the builds of these projects need. */
export function keptPlugins(members: readonly Importer[], files: Files): readonly unknown[] {
  return pluginEntries(files).filter((entry) => {
    const name = nameOf(entry);
    if (BUILDS_NOTHING.test(name)) return false;
    return BUILDERS[name] === undefined || members.some((member) => hasConfig(name, member, files));
  });
}

/** What these are called: packages, or paths in the repository. */
export function pluginNames(members: readonly Importer[], files: Files): string[] {
  return keptPlugins(members, files).map(nameOf);
}

/** The packages whose programs the targets start that these plugins make. */
export function startedByPlugins(members: readonly Importer[], files: Files): string[] {
  return pluginNames(members, files).flatMap((plugin) => BUILDERS[plugin]?.starts ?? []);
}
