import { posix } from 'node:path';
import type { Files, Importer } from '../model.ts';
import { readJson, record } from './project.ts';

const scripts = (stem: string): string[] => ['js', 'ts', 'cjs', 'mjs', 'cts', 'mts'].map((ending) => `${stem}.${ending}`);

/** Files on top of a project, any of which has a plugin of Nx make a `build` target. */
const BUILDERS: Readonly<Record<string, readonly string[]>> = {
  '@nx/vite/plugin': scripts('vite.config'),
  '@nx/webpack/plugin': scripts('webpack.config'),
  '@nx/rspack/plugin': scripts('rspack.config'),
  '@nx/rsbuild': scripts('rsbuild.config'),
  '@nx/rollup/plugin': scripts('rollup.config'),
  '@nx/next/plugin': scripts('next.config'),
  '@nx/nuxt/plugin': scripts('nuxt.config'),
  '@nx/remix/plugin': [...scripts('remix.config'), ...scripts('vite.config')],
  '@nx/react/router-plugin': scripts('react-router.config'),
  '@nx/expo/plugin': ['app.json', ...scripts('app.config')],
  '@nx/react-native/plugin': ['app.json', ...scripts('app.config')],
  '@nx/js/typescript': ['tsconfig.lib.json'],
};
/** Plugins whose targets build nothing: they check, test, release, or pack as Stowage does. */
const BUILDS_NOTHING =
  /^(?:@nx\/(?:eslint|jest|vitest|cypress|playwright|storybook|detox|docker|oxlint|conformance|owners)|@stowage\/nx|@jscutlery\/semver|@nx-tools\/nx-container)(?:\/|$)/;

/** A plugin entry of nx.json: its name, or an object with `plugin`. */
function nameOf(entry: unknown): string {
  return typeof entry === 'string' ? entry : String(record(entry).plugin ?? '');
}

/** Whether a plugin that nx.json names makes a `build` target for a project. */
export function infersBuild(importer: Importer, files: Files): boolean {
  return pluginEntries(files).some((entry) => hasConfig(nameOf(entry), importer, files));
}

function pluginEntries(files: Files): readonly unknown[] {
  const { plugins } = readJson('nx.json', files);
  return Array.isArray(plugins) ? plugins : [];
}

function hasConfig(plugin: string, { id }: Importer, files: Files): boolean {
  return BUILDERS[plugin]?.some((name) => files.get(posix.join(id, name)) !== undefined) ?? false;
}

/** The entries of nx.json's `plugins` that the builds of these projects need. */
export function keptPlugins(members: readonly Importer[], files: Files): readonly unknown[] {
  return pluginEntries(files).filter((entry) => {
    const name = nameOf(entry);
    if (BUILDS_NOTHING.test(name)) return false;
    return BUILDERS[name] === undefined || members.some((member) => hasConfig(name, member, files));
  });
}

/** The packages of these. */
export function pluginPackages(members: readonly Importer[], files: Files): string[] {
  return keptPlugins(members, files).map(nameOf);
}
