import { posix } from 'node:path';
import type { Files, Importer } from '../model.ts';
import { scriptNames } from '../paths.ts';
import { recordOf } from '../text.ts';
import { nxJson } from './project.ts';

/** Files on top of a project, any of which has a plugin of Nx make a `build` target. */
const BUILDERS: Readonly<Record<string, readonly string[]>> = {
  '@nx/vite/plugin': scriptNames('vite.config'),
  '@nx/webpack/plugin': scriptNames('webpack.config'),
  '@nx/rspack/plugin': scriptNames('rspack.config'),
  '@nx/rsbuild': scriptNames('rsbuild.config'),
  '@nx/rollup/plugin': scriptNames('rollup.config'),
  '@nx/next/plugin': scriptNames('next.config'),
  '@nx/nuxt/plugin': scriptNames('nuxt.config'),
  '@nx/remix/plugin': [...scriptNames('remix.config'), ...scriptNames('vite.config')],
  '@nx/react/router-plugin': scriptNames('react-router.config'),
  '@nx/expo/plugin': ['app.json', ...scriptNames('app.config')],
  '@nx/react-native/plugin': ['app.json', ...scriptNames('app.config')],
  '@nx/js/typescript': ['tsconfig.lib.json'],
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

/** What these are called: packages, or paths in the repository. */
export function pluginNames(members: readonly Importer[], files: Files): string[] {
  return keptPlugins(members, files).map(nameOf);
}
