import type { Importer } from '../model.ts';
import { perObject } from '../per-object.ts';

/** Ids of the packages by the programs that they offer, where only one offers it. */
export const workspacePrograms = perObject((importers: readonly Importer[]): ReadonlyMap<string, string> => {
  const found = new Map<string, string[]>();
  for (const importer of importers) for (const name of programNames(importer)) found.set(name, [...(found.get(name) ?? []), importer.id]);
  return new Map([...found].flatMap(([name, [id, ...others]]) => (id === undefined || others.length > 0 ? [] : [[name, id]])));
});

function programNames({ name, manifest: { bin } }: Importer): string[] {
  return typeof bin === 'string' ? [name.replace(/^@[^/]*\//, '')] : Object.keys(bin ?? {});
}

/** What may stand before the program that a command starts. */
const before = /^(?:\w+=.*|cross-env(?:-shell)?|env|time|npx|bunx|pnpm|yarn|npm|bun|exec|run|x|--|--yes|-y|--silent|-s)$/;

/** The programs that a command of a script starts, step by step. */
export function programsStarted(command: string): string[] {
  return command.split(/&&|\|\||[;|&\n"'`()]/).flatMap((step) => {
    const words = step.split(/\s+/).filter((word) => word !== '');
    return words.find((word) => !before.test(word)) ?? [];
  });
}
