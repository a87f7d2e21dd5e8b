import {
  detectPackageManager,
  formatFiles,
  type GeneratorCallback,
  getPackageManagerCommand,
  logger,
  readNxJson,
  type Tree,
  updateNxJson,
} from '@nx/devkit';
import type { StowagePluginOptions } from '../../inference/options.ts';
import { isStowage, pluginName } from '../registration.ts';

/** As `schema.json` describes them. */
export interface InitOptions extends StowagePluginOptions {
  readonly skipFormat?: boolean;
}

/** `nx add @stowage/nx`: registers the plugin in nx.json. Where it is registered nothing changes. */
export default async function init(tree: Tree, { skipFormat = false, ...given }: InitOptions): Promise<GeneratorCallback> {
  const nxJson = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  if (!plugins.some(isStowage)) {
    const options = {
      ...defaults,
      ...Object.fromEntries(Object.keys(defaults).flatMap((key) => (key in given ? [[key, given[key as keyof typeof defaults]]] : []))),
    };
    updateNxJson(tree, { ...nxJson, plugins: [...plugins, { plugin: pluginName, options }] });
    if (!skipFormat) await formatFiles(tree);
  }
  const affected = (nxJson.pluginsConfig?.['@nx/js'] as { projectsAffectedByDependencyUpdates?: unknown } | undefined)
    ?.projectsAffectedByDependencyUpdates;
  const entry = plugins.find(isStowage);
  const registered = typeof entry === 'object' ? (entry.options as StowagePluginOptions | undefined) : undefined;
  const target = (entry === undefined ? given : registered)?.dockerTargetName ?? defaults.dockerTargetName;
  return () => {
    const nx = `${getPackageManagerCommand(detectPackageManager(tree.root), tree.root).exec} nx`;
    logger.info(`\nNext: \`${nx} show projects --with-target ${target}\` lists the apps, \`${nx} run <app>:${target}\` builds the image of one.`);
    if (affected === undefined) logger.info(recommendation);
  };
}

const defaults = { dockerTargetName: 'docker', pruneTargetName: 'docker-prune', runTargetName: 'docker-run' };

const recommendation = `
Recommended for \`nx affected -t docker\`: as nx.json stands, any change of the lockfile affects every project. This affects those alone
whose dependencies changed:

  "pluginsConfig": { "@nx/js": { "projectsAffectedByDependencyUpdates": "auto" } }
`;
