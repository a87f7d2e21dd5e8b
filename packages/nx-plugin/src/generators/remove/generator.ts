import { formatFiles, type GeneratorCallback, logger, readNxJson, type Tree, updateNxJson } from '@nx/devkit';
import { isStowage, pluginName } from '../registration.ts';

/** As `schema.json` describes them. */
export interface RemoveOptions {
  readonly skipFormat?: boolean;
}

/** The opposite of `init`: nx.json as it was. Targets that somebody wrote into a project.json stay, and are for them to remove. */
export default async function remove(tree: Tree, { skipFormat = false }: RemoveOptions): Promise<GeneratorCallback> {
  const nxJson = readNxJson(tree) ?? {};
  const { plugins = [], ...withoutPlugins } = nxJson;
  const others = plugins.filter((entry) => !isStowage(entry));
  if (others.length < plugins.length) {
    updateNxJson(tree, others.length === 0 ? withoutPlugins : { ...nxJson, plugins: others });
    if (!skipFormat) await formatFiles(tree);
  }
  return () => logger.info(`\nNext: uninstall the package ${pluginName}.`);
}
