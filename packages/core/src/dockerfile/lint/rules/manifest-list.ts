import { posix } from 'node:path';
import { isInside } from '../../../paths.ts';
import type { Facts, Finding, Rule } from '../finding.ts';
import { installsOf } from '../install-commands.ts';
import { historyOf, type Written } from '../parse-stages.ts';

/** A manifest, or a whole package, that a line names for the install. */
interface Listed {
  readonly id: string;
  readonly line: number;
}

/** A list of manifests or packages kept by hand, against the closure of the app; a pattern keeps itself. */
export const manifestList: Rule = (stages, facts) =>
  stages.flatMap((stage) => {
    const [install] = installsOf(stage, facts.packageManager);
    if (install === undefined || install.reduces || !stage.instructions.includes(install.instruction)) return [];
    const history = historyOf(stage);
    const copies = history.slice(0, history.indexOf(install.instruction)).filter(({ from }) => from === undefined);
    const paths = copies.flatMap(({ sources }) => sources.map(facts.inRoot));
    const listed = copies.flatMap((copy) => listedBy(copy, facts));
    if (listed.length < 2 || paths.some((path) => path === '.' || /[*?[]/.test(path))) return [];
    return compare(listed, paths, install.instruction.line, facts);
  });

function listedBy({ sources, line }: Written, { importers, inRoot }: Facts): Listed[] {
  return sources.map(inRoot).flatMap((path) => {
    if (posix.basename(path) === 'package.json') return [{ id: posix.dirname(path), line }];
    return importers.some(({ id }) => id === path) ? [{ id: path, line }] : [];
  });
}

function compare(listed: readonly Listed[], paths: readonly string[], install: number, { closure, importers }: Facts): Finding[] {
  const known = new Set(importers.map(({ id }) => id));
  const wanted = new Set(['.', ...closure.build]);
  const has = (id: string): boolean => listed.some((each) => each.id === id) || (id !== '.' && paths.some((path) => isInside(id, path)));
  return [
    ...[...wanted].filter((id) => !has(id)).map((id) => missing(id, install)),
    ...listed.filter(({ id }) => !wanted.has(id)).map(({ id, line }) => (known.has(id) ? unneeded(id, line) : unknown(id, line))),
  ];
}

function missing(id: string, line: number): Finding {
  const [manifest, folder] = id === '.' ? ['package.json', './'] : [`${id}/package.json`, `./${id}/`];
  return {
    line,
    code: 'manifest-missing',
    message: `The install lacks ${manifest}, which belongs to the closure of the app.`,
    hint: `COPY ${manifest} ${folder} before it.`,
  };
}

function unneeded(id: string, line: number): Finding {
  return {
    line,
    code: 'manifest-unneeded',
    message: `The app does not depend on ${id}: it only makes the install run more often.`,
    hint: 'Leave it out.',
  };
}

function unknown(id: string, line: number): Finding {
  return {
    line,
    code: 'manifest-unknown',
    message: `${id} is no package of this workspace.`,
    hint: 'Leave it out; or name the folder that Docker is given by --context, if it is not the root of the workspace.',
  };
}
