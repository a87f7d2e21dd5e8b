import { join } from 'node:path';
import { pack, readWorkspace, writePlan } from '@stowage/core';
import { verifyWords } from '../../packages/core/src/run/verify-install.ts';
import { installCopy, installedTree, removeFolder } from './install.ts';

export interface TreeDifference {
  readonly importer: string;
  /** Packages, `name@version`, that only one of the two installs has. */
  readonly onlyWhole: readonly string[];
  readonly onlyPruned: readonly string[];
}

/**
 * Installs the whole repository and the pruned folder of an app, both with the real package manager, and compares what each importer of
 * the closure can load.
 */
export async function compareTrees(
  repository: string,
  app: string,
  flags: readonly string[] = [],
): Promise<{ packages: number; importers: number; differences: readonly TreeDifference[] }> {
  const workspace = await readWorkspace(repository);
  const plan = await pack(workspace, app);
  const out = `${repository}-trees`;
  await writePlan(plan, workspace, out);
  const command = [...verifyWords(plan.packageManager, 'deps'), ...flags];
  const pruned = await installCopy(join(out, 'deps'), command);
  const whole = await installCopy(repository, command);
  const [inWhole, inPruned] = [installedTree(whole, plan.closure.build), installedTree(pruned, plan.closure.build)];
  for (const folder of [out, pruned, whole]) removeFolder(folder);
  const differences = plan.closure.build.flatMap((importer) => {
    const [a, b] = [inWhole.get(importer) ?? new Set<string>(), inPruned.get(importer) ?? new Set<string>()];
    const onlyWhole = [...a].filter((name) => !b.has(name)).sort();
    const onlyPruned = [...b].filter((name) => !a.has(name)).sort();
    return onlyWhole.length + onlyPruned.length === 0 ? [] : [{ importer, onlyWhole, onlyPruned }];
  });
  return { packages: new Set([...inPruned.values()].flatMap((names) => [...names])).size, importers: plan.closure.build.length, differences };
}
