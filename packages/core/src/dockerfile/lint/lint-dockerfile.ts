import { posix } from 'node:path';
import type { Closure, Files, Importer } from '../../model.ts';
import { isInside } from '../../paths.ts';
import { installCommands } from './install-commands.ts';
import { chainOf, parseStages, type Written, type WrittenStage } from './parse-stages.ts';

/** Something that a Dockerfile written by hand does wrong. */
export interface Finding {
  /** 1-based. */
  readonly line: number;
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** A Dockerfile of one app, built with the workspace root as its context. */
export interface LintInput {
  /** Relative to the workspace root. */
  readonly path: string;
  readonly text: string;
  readonly closure: Closure;
  readonly importers: readonly Importer[];
  readonly files: Files;
}

/**
 * What real Dockerfiles of monorepos get wrong: manifests that rot, sources before the install, root, secrets in layers, devDependencies
 * in the image, installs that may leave the lockfile, an ignore file that Docker never reads. Sorted by line.
 */
export function lintDockerfile(input: LintInput): Finding[] {
  const stages = parseStages(input.text);
  const last = stages.at(-1);
  if (last === undefined) return [{ line: 1, code: 'no-stage', message: 'There is no FROM.', hint: 'Begin a stage with FROM <image> AS <name>.' }];
  return [
    ...stages.flatMap((stage) => [...manifestList(stage, input), ...sourcesFirst(stage), ...unfrozen(stage), ...secrets(stage)]),
    ...rootUser(last),
    ...devDependencies(last, stages),
    ...ignoreFile(stages, input),
  ].sort((a, b) => a.line - b.line || (a.code < b.code ? -1 : 1));
}

/** Installs of a stage itself; `NODE_ENV=production` before one makes it leave out devDependencies. */
function installsOf(stage: WrittenStage) {
  const production = (before: number): boolean =>
    chainOf(stage).some(({ instructions }) =>
      instructions.some(({ keyword, text, line }) => keyword === 'ENV' && line < before && /\bNODE_ENV[= ]"?production/.test(text)),
    );
  return stage.instructions
    .filter(({ keyword }) => keyword === 'RUN')
    .flatMap((instruction) =>
      installCommands(instruction.text, production(instruction.line)).map((command) => ({ ...command, line: instruction.line })),
    );
}

/** Copies from the build context that come before the first install of a stage. */
function copiedBefore(stage: WrittenStage, install: number): Written[] {
  return chainOf(stage)
    .flatMap(({ instructions }) => instructions)
    .filter(({ keyword, from, line }) => ['COPY', 'ADD'].includes(keyword) && from === undefined && line < install);
}

function manifestList(stage: WrittenStage, { closure, importers }: LintInput): Finding[] {
  const install = installsOf(stage)[0]?.line;
  if (install === undefined) return [];
  const copied = copiedBefore(stage, install);
  const listed = copied.flatMap(({ paths, line }) =>
    paths
      .slice(0, -1)
      .map((path) => posix.normalize(path))
      .flatMap((path) => (posix.basename(path) === 'package.json' ? [{ id: posix.dirname(path), line }] : [])),
  );
  if (listed.length < 2 || copied.some(({ paths }) => paths.slice(0, -1).some((path) => path.includes('*') || isWhole(path)))) return [];
  const ids = new Set(importers.map(({ id }) => id));
  const wanted = new Set(['.', ...closure.build]);
  const missing = [...wanted].filter(
    (id) =>
      !listed.some((each) => each.id === id) &&
      !copied.some(({ paths }) => paths.slice(0, -1).some((path) => id !== '.' && isInside(id, posix.normalize(path).replace(/\/$/, '')))),
  );
  return [
    ...missing.map((id) => ({
      line: install,
      code: 'manifest-missing',
      message: `The install lacks ${id}/package.json, which belongs to the closure of the app.`.replace(' ./', ' '),
      hint: `COPY ${id}/package.json ./${id}/ before it.`,
    })),
    ...listed.flatMap(({ id, line }) =>
      wanted.has(id)
        ? []
        : [
            {
              line,
              code: ids.has(id) ? 'manifest-unneeded' : 'manifest-unknown',
              message: ids.has(id)
                ? `The app does not depend on ${id}: its manifest only makes the install run more often.`
                : `${id} is no package of this workspace.`,
              hint: 'Leave it out.',
            },
          ],
    ),
  ];
}

function sourcesFirst(stage: WrittenStage): Finding[] {
  const install = installsOf(stage).find(({ production }) => !production)?.line;
  const copy = install === undefined ? undefined : copiedBefore(stage, install).find(({ paths }) => paths.slice(0, -1).some(isWhole));
  if (copy === undefined) return [];
  return [
    {
      line: copy.line,
      code: 'sources-before-install',
      message: `The sources are copied before the install in line ${install}: any change of them installs again.`,
      hint: 'Copy manifests and lockfile first, install, then copy the sources.',
    },
  ];
}

function isWhole(path: string): boolean {
  return ['.', './', '/'].includes(path);
}

function unfrozen(stage: WrittenStage): Finding[] {
  return installsOf(stage)
    .filter((command) => command.unfrozen)
    .map(({ line, frozen }) => ({
      line,
      code: 'unfrozen-install',
      message: 'The install may take other versions than the lockfile names.',
      hint: `Write ${frozen}.`,
    }));
}

const secretName = /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|ACCESS_KEY|CREDENTIALS?|AUTH)(?:$|_)/i;
const publicName = /^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC)_|_(?:FILE|URL|ENABLED|EXPIRY|TTL)$/;

function secrets(stage: WrittenStage): Finding[] {
  return stage.instructions.flatMap(({ keyword, text, line }) => {
    if (keyword !== 'ARG' && keyword !== 'ENV') return [];
    const names = [...text.matchAll(/(?:^|\s)([A-Za-z_]\w*)(?==|\s|$)/g)].map(([, name = '']) => name);
    return [...new Set(names)]
      .filter((name) => secretName.test(name) && !publicName.test(name))
      .map((name) => ({
        line,
        code: 'secret-in-layer',
        message: `${keyword} ${name} stays readable in the image's history.`,
        hint: `Mount it where it is used: RUN --mount=type=secret,id=${name},env=${name} ...`,
      }));
  });
}

function rootUser(last: WrittenStage): Finding[] {
  const chain = chainOf(last);
  const user = chain.flatMap(({ instructions }) => instructions.filter(({ keyword }) => keyword === 'USER')).at(-1);
  const image = chain[0]?.image ?? '';
  if (user === undefined ? /unprivileged|nonroot|chainguard/.test(image) : !/^"?(?:root|0)(?::|"?$)/.test(user.text)) return [];
  return [
    {
      line: user?.line ?? last.line,
      code: 'root-user',
      message: 'The app runs as root.',
      hint: /^(?:[\w.-]+\/)*node:/.test(image)
        ? 'USER node, after the last RUN that needs more.'
        : 'Name a USER without rights, or take an unprivileged image.',
    },
  ];
}

/** Where the image's node_modules come from: the last stage itself, or the stage that they are copied from. */
function devDependencies(last: WrittenStage, stages: readonly WrittenStage[]): Finding[] {
  const byName = new Map(
    stages.flatMap((stage, index) => [[String(index), stage] as const, ...(stage.name === undefined ? [] : [[stage.name, stage] as const])]),
  );
  const shippedBy = (stage: WrittenStage): boolean | undefined => {
    const installs = chainOf(stage).flatMap(installsOf);
    return installs.length === 0 ? undefined : !installs.at(-1)?.production;
  };
  const finding = (line: number): Finding => ({
    line,
    code: 'dev-dependencies-shipped',
    message: 'The image holds devDependencies.',
    hint: 'Install for production in a stage of its own and copy node_modules from there.',
  });
  if (shippedBy(last)) return [finding(last.line)];
  return chainOf(last)
    .flatMap(({ instructions }) => instructions)
    .flatMap(({ from, paths, line }) => {
      const source = from === undefined ? undefined : byName.get(from);
      const copiesModules = paths
        .slice(0, -1)
        .some((path) => /(?:^|\/)node_modules\/?$/.test(path) || /^\/?(?:app|usr\/src\/app|workspace|repo|\.)\/?$/.test(path));
      return source !== undefined && copiesModules && shippedBy(source) ? [finding(line)] : [];
    });
}

function ignoreFile(stages: readonly WrittenStage[], { path, files }: LintInput): Finding[] {
  const own = `${path}.dockerignore`;
  const beside = posix.join(posix.dirname(path), '.dockerignore');
  if (files.get(own) !== undefined) return [];
  if (beside !== '.dockerignore' && files.get(beside) !== undefined) {
    return [
      {
        line: 1,
        code: 'ignore-file-unread',
        message: `Docker never reads ${beside}: it looks in the root of the build context, or for ${own}.`,
        hint: `Rename it to ${posix.basename(own)}.`,
      },
    ];
  }
  const whole = stages
    .flatMap(({ instructions }) => instructions)
    .find(({ keyword, from, paths }) => keyword === 'COPY' && from === undefined && paths.slice(0, -1).some(isWhole));
  if (files.get('.dockerignore') !== undefined || whole === undefined) return [];
  return [
    {
      line: whole.line,
      code: 'no-ignore-file',
      message: 'No ignore file is in force: node_modules, .git and local env files go into the context.',
      hint: `Add ${posix.basename(own)} beside it.`,
    },
  ];
}
