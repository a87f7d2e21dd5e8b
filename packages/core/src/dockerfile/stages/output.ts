import { posix } from 'node:path';
import { removeEnvFiles } from '../../context/env-files.ts';
import type { Stage } from '../../model.ts';
import type { BuiltPart, ServerPlan } from '../../presets/preset.ts';
import { shellWord } from '../../shell-word.ts';
import { collectProgram } from '../collect.ts';
import type { ImageFacts } from '../image-facts.ts';
import { installedProgram } from '../installed.ts';
import { requiredProgram } from '../required.ts';
import { bindFrom, run, runWithInput } from '../syntax.ts';

/** The part of the built tree that the running app reads; what it writes to is its user's. */
export function outputStage(facts: ImageFacts, plan: ServerPlan): Stage {
  const { app, needs, runtime, outside, config, folders, nxOutput, narrowed } = facts;
  const { contents, packages = [] } = plan;
  const asked = contents === undefined || app.derived ? [] : (config.packages ?? []);
  const included = runtime.find(({ folder }) => folder === app.id)?.included ?? [];
  const last = [...copyFiles(outside, '.'), ...ownFolders(facts, plan), ...(config.volumes === undefined ? [] : ['mkdir /volume'])];
  return {
    name: 'output',
    from: 'build',
    instructions: [
      contents === undefined
        ? runWithInput('node -', collectProgram(runtime, needs.generatesPrisma), [bindFrom('stowage-src', '/src'), bindFrom('stowage-deps', '/deps')])
        : run([...contents.map((part) => copyPart(app.id, part)), ...copyFiles(included, app.id), removeEnvFiles('/out')]),
      ...(packages.length + asked.length === 0 ? [] : [runWithInput('node -', installedProgram(folders, packages, asked))]),
      ...(nxOutput !== undefined && contents === undefined
        ? [runWithInput('node -', requiredProgram(nxOutput, app.derived ? '.' : app.id, narrowed), [bindFrom('prod-deps', '/prod', '/app')])]
        : []),
      ...(last.length === 0 ? [] : [run(last)]),
    ],
  };
}

/** What the program writes to. */
function ownFolders({ app, system }: ImageFacts, { writable = [] }: ServerPlan): string[] {
  const folders = writable.map((folder) => shellWord(posix.join('/out', app.id, folder))).join(' ');
  return folders === '' ? [] : [`mkdir -p ${folders}`, `chown -R ${system.user} ${folders}`];
}

/** Links stay links; a folder's content joins what is there already. */
function copyPart(app: string, { from, to, optional = false }: BuiltPart): string {
  const [source, target] = [posix.join(app, from), posix.join('/out', to)].map(shellWord) as [string, string];
  const copy = `mkdir -p ${shellWord(posix.join('/out', posix.dirname(to)))} && cp -aT ${source} ${target}`;
  return optional ? `if [ -e ${source} ]; then ${copy}; fi` : copy;
}

/** Source files that the config adds to what was built. */
function copyFiles(paths: readonly string[], folder: string): string[] {
  const words = paths.map((path) => shellWord(posix.join(folder, path)));
  return words.length === 0 ? [] : [`mkdir -p /out && cp -a --parents ${words.join(' ')} /out/`];
}
