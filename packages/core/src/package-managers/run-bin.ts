import type { Importer } from '../model.ts';
import { shellWord } from '../shell-word.ts';

/** A program that an importer or the root depends on, run in the importer's folder without the package manager. */
export function runLinkedBin({ id }: Importer, words: readonly string[]): string {
  const command = words.map(shellWord).join(' ');
  if (id === '.') return `node_modules/.bin/${command}`;
  return `(cd ${shellWord(id)} && PATH="$PWD/node_modules/.bin:/app/node_modules/.bin:$PATH" ${command})`;
}
