import type { Files, Importer } from '../model.ts';
import { recordOf } from '../text.ts';
import { type NxTarget, nxProject, stringOf, targetDefaultsOf } from './project.ts';

/** What the build of some projects runs in one of them. */
export interface ReachedTargets {
  readonly targets: readonly NxTarget[];
  /** Scripts of its manifest, by name, that are targets or run by one that is. */
  readonly scripts: Readonly<Record<string, string>>;
}

/** Names another target in an option: `api:build`, `api:build:production`. */
const TARGET = /^[@\w./-]+:([\w-]+)(?::[\w-]+)?$/;
const RUNNER = /\b(?:npm|pnpm|yarn|bun|npm-run-all|run-s|run-p|nx)\b/;

/**
 * The targets that Nx may run to build some projects: `build` of each, whatever these depend on, by name, in any of them, and what options
 * name. A script of a manifest is a target where the project has none of its name. Scripts of these names that the install leaves to the
 * build run too.
 */
export function reachedTargets(members: readonly Importer[], lifecycle: readonly string[], files: Files): (member: Importer) => ReachedTargets {
  const names = new Set(['build']);
  for (const name of names) for (const member of members) for (const other of namedBy(name, member, files)) names.add(other);
  return (member) => {
    const targets = nxProject(member, files)?.targets ?? {};
    const started = [...names].filter((name) => targets[name]?.executor === undefined && targets[name]?.command === undefined);
    const asked = [...names].flatMap((name) => stringOf(targets[name]?.options?.script) ?? []);
    return {
      targets: [...names].flatMap((name) => targets[name] ?? []),
      scripts: withScriptsRun(member, [...started, ...asked, ...lifecycle]),
    };
  };
}

function namedBy(name: string, member: Importer, files: Files): string[] {
  const target = nxProject(member, files)?.targets[name];
  const { dependsOn = targetDefaultsOf(name, files).dependsOn, options, configurations } = target ?? {};
  const needed = (Array.isArray(dependsOn) ? dependsOn : []).flatMap(
    (each) => (typeof each === 'string' ? each : stringOf(recordOf(each).target)) ?? [],
  );
  return [...needed.map((each) => each.replace(/^\^/, '').replace(TARGET, '$1')), ...targetsIn([options, configurations])];
}

function targetsIn(value: unknown): string[] {
  if (typeof value === 'string') return [TARGET.exec(value)?.[1] ?? []].flat();
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(targetsIn) : [];
}

/** The scripts of these names, with those that run before and after them, and those that one of them runs. */
function withScriptsRun({ manifest }: Importer, names: readonly string[]): Record<string, string> {
  const all = Object.entries(manifest.scripts ?? {}).filter((each): each is [string, string] => typeof each[1] === 'string');
  const scripts = new Map(all);
  const chosen = new Set(names);
  for (const name of chosen) {
    const command = scripts.get(name);
    if (command === undefined) continue;
    for (const other of [`pre${name}`, `post${name}`]) chosen.add(other);
    if (RUNNER.test(command)) for (const word of command.split(/[\s'"&|;()]+/)) if (scripts.has(word)) chosen.add(word);
  }
  return Object.fromEntries([...chosen].flatMap((name) => (scripts.has(name) ? [[name, scripts.get(name) as string]] : [])));
}
