import { DEPENDENCY_KINDS } from '../dependency-kinds.ts';
import { importersById } from '../importers.ts';
import type { ClosureEdge, Importer } from '../model.ts';
import { joinPath } from '../paths.ts';
import { programsStarted } from './workspace-programs.ts';

/** A script that runs while a package is built. */
export interface RunScript {
  readonly importer: Importer;
  readonly script: string;
  /** What starts it, where it is of another package. */
  readonly by?: string;
}

/** Where the words of a command look for packages. */
export interface NamedPackages {
  readonly importers: readonly Importer[];
  /** Ids by every name that a tool may know a package by. */
  readonly byName: ReadonlyMap<string, string>;
  /** Ids by the programs that they offer. */
  readonly byProgram: ReadonlyMap<string, string>;
}

/**
 * The packages that the scripts of a build name by a filter or by their folder, and so need: `pnpm --filter docs generate`, `yarn workspace x bundle`,
 * `nx build x`, `cd ../x && npm run y`. The scripts that are started there are read too. A wildcard needs nothing: it takes what is there. And the
 * packages whose programs they call without a dependency on them, as a package manager links these for all, or the root depends on them.
 * @param scripts what runs as `from` is built
 */
export function scriptEdges(from: Importer, scripts: readonly RunScript[], packages: NamedPackages): ClosureEdge[] {
  const edges = new Map<string, ClosureEdge>();
  const byId = importersById(packages.importers);
  const reached = new Map<string, RunScript>();
  const add = (run: RunScript, by: string): void => {
    const { id } = run.importer;
    if (id !== '.' && id !== from.id && !edges.has(id)) edges.set(id, { from: from.id, to: id, kind: 'script', by });
    const key = `${id}\0${run.script}`;
    if (!reached.has(key)) reached.set(key, run);
  };
  for (const run of scripts) add(run, run.by ?? '');
  for (const { importer, script } of reached.values()) {
    const command: unknown = importer.manifest.scripts?.[script];
    if (typeof command !== 'string') continue;
    const by = `script "${script}"${importer.id === from.id ? '' : ` of ${importer.name}`}`;
    for (const id of programsStarted(command).flatMap((name) => packages.byProgram.get(name) ?? [])) {
      if (id !== '.' && id !== from.id && !dependsOn(from, byId.get(id)?.name))
        edges.set(`program ${id}`, { from: from.id, to: id, kind: 'program', by });
    }
    if (!mayStart.test(command)) continue;
    for (const { id, words } of startedBy(command, importer.id, packages)) {
      const started = byId.get(id) as Importer;
      const named = scriptsNamed(started, words);
      for (const name of named) add({ importer: started, script: name }, by);
      if (named.length === 0) add({ importer: started, script: '' }, by);
    }
  }
  return [...edges.values()];
}

function dependsOn({ manifest }: Importer, name = ''): boolean {
  return DEPENDENCY_KINDS.some((kind) => manifest[kind]?.[name] !== undefined);
}

const mayStart = /\b(?:pnpm|npm|yarn|bun|turbo|nx|lerna|cd|npm-run-all|run-[sp])\b/;

/** The option, or word, of each tool that a package's name or folder comes after. */
const selecting: Readonly<Record<string, RegExp>> = {
  pnpm: /^(?:--filter(?:-prod)?|-F|--dir|-C)$/,
  npm: /^(?:--workspace|-w|--prefix|-C)$/,
  yarn: /^(?:workspace|--cwd|--include|--from)$/,
  bun: /^(?:--filter|-F|--cwd)$/,
  turbo: /^(?:--filter|-F|--scope)$/,
  lerna: /^--scope$/,
};
const starters = new Set([...Object.keys(selecting), 'nx', 'npm-run-all', 'run-s', 'run-p']);

interface Started {
  readonly id: string;
  /** Among which are the names of scripts. */
  readonly words: readonly string[];
}

/** The packages in which a command starts something, step by step: those that it names, else the one in whose folder it is. */
function startedBy(command: string, folder: string, packages: NamedPackages): Started[] {
  const byId = importersById(packages.importers);
  const found: Started[] = [];
  let at: string | undefined = folder;
  for (const step of command.split(/&&|\|\||[;|&\n]/)) {
    const words = step.split(/[\s'"`()=]+/).filter((word) => word !== '');
    if (words[0] === 'cd') at = at === undefined || words[1] === undefined ? undefined : joinPath(at, words[1]);
    else {
      const named = selectedIn(words, packages).flatMap((word) => packageCalled(word, at, packages) ?? []);
      const here = at !== undefined && byId.has(at) ? [at] : [];
      const names = words.some((word) => starters.has(word)) ? words : [];
      found.push(...(named.length > 0 ? named : here).map((id) => ({ id, words: names })));
    }
    if (step.includes(')')) at = folder; // the end of a shell of its own
  }
  return found;
}

/** The words that may name a package: after an option of the tool, `docs#generate` for Turborepo, and for Nx every name of a project. */
function selectedIn(words: readonly string[], { byName }: NamedPackages): string[] {
  let tool = '';
  return words.flatMap((word, index) => {
    if (starters.has(word)) tool = word;
    if (tool === 'nx') return word.split(/[,:]/).filter((part) => byName.has(part));
    if (tool === 'turbo' && word.includes('#')) return [word.split('#')[0] as string];
    return selecting[tool]?.test(words[index - 1] ?? '') ? [word] : [];
  });
}

/** By its name, also without the scope where only one package is called so, or by its folder, from where the command runs or from the root. */
function packageCalled(word: string, at: string | undefined, { importers, byName }: NamedPackages): string | undefined {
  const plain = word.replace(/^\.\.\.\^?|\^?\.\.\.$|\[[^\]]*\]/g, '').replace(/^\{(.*)\}$/, '$1');
  const known = byName.get(plain);
  if (known !== undefined || plain === '') return known;
  const scoped = plain.includes('/') ? [] : importers.filter(({ name }) => name.startsWith('@') && name.endsWith(`/${plain}`));
  if (scoped.length === 1) return scoped[0]?.id;
  if (!/[./]/.test(plain)) return undefined;
  const byId = importersById(importers);
  return [at === undefined ? undefined : joinPath(at, plain), joinPath(plain)].find((path) => path !== undefined && byId.has(path));
}

/** The scripts of a package among some words; `build:*` stands for all that begin so. */
function scriptsNamed({ manifest }: Importer, words: readonly string[]): string[] {
  const names = Object.keys(manifest.scripts ?? {});
  return names.filter((name) => words.some((word) => word === name || (word.endsWith(':*') && name.startsWith(word.slice(0, -1)))));
}
