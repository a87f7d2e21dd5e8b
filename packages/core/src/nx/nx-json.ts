import type { Files, Importer, PlannedFile } from '../model.ts';
import { recordOf } from '../text.ts';
import { nxBuild } from './build.ts';
import { keptPlugins } from './plugins.ts';
import { nxJson } from './project.ts';

const ANALYSES_SOURCES = ['workspace', 'js', 'node', 'next', 'react', 'angular', 'web'].map((name) => `@nx/${name}`);

/**
 * nx.json for the build of some projects: without the plugins that build none of them, as Nx fails for one that is not installed, without
 * the key to a remote cache, and analysing sources as the whole repository does: Nx decides that by what the root manifest lists, which
 * here lists less. Nothing where Nx builds none of them and no build reads it.
 */
export function nxFiles(root: Importer, members: readonly Importer[], rootFiles: readonly { readonly path: string }[], files: Files): PlannedFile[] {
  const read = rootFiles.some(({ path }) => path === 'nx.json') || members.some((member) => nxBuild(member, files) !== undefined);
  if (!read) return [];
  const { nxCloudAccessToken: _, ...settings } = nxJson(files);
  const pluginsConfig = recordOf(settings.pluginsConfig);
  const js = recordOf(pluginsConfig['@nx/js']);
  const listed = { ...root.manifest.dependencies, ...root.manifest.devDependencies };
  const analyzeSourceFiles = js.analyzeSourceFiles ?? ANALYSES_SOURCES.some((name) => listed[name] !== undefined);
  const built = {
    ...settings,
    ...(settings.plugins === undefined ? {} : { plugins: keptPlugins(members, files) }),
    pluginsConfig: { ...pluginsConfig, '@nx/js': { ...js, analyzeSourceFiles } },
  };
  return [{ path: 'nx.json', mode: '100644', text: `${JSON.stringify(built, null, 2)}\n` }];
}
