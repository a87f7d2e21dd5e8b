import type { Diagnostic, Files, Importer } from '../model.ts';
import { configFileNames } from './resolve-config.ts';

const endings = ['json', 'jsonc', 'json5', 'yml', 'yaml', 'toml', 'ts', 'mts', 'cts', 'js', 'mjs', 'cjs'];
const names = ['stowage', 'stowage.config'].flatMap((stem) => endings.map((ending) => `${stem}.${ending}`));

/** Files that a person takes for the config of an app, or of all, and that nothing reads. */
export function unreadConfigs(files: Files, app: Importer): Diagnostic[] {
  const unread = names.filter((name) => !configFileNames.includes(name));
  return [...new Set(['.', app.id])]
    .flatMap((folder) => unread.map((name) => (folder === '.' ? name : `${folder}/${name}`)))
    .filter((path) => files.get(path) !== undefined)
    .map((file) => ({
      level: 'warning',
      code: 'config-unread',
      message: `${file} is not read.`,
      file,
      hint: `A config is called ${configFileNames.join(', ')}.`,
    }));
}
