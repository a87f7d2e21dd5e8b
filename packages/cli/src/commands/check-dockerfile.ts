import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import {
  ErrorCode,
  type Finding,
  generatedMark,
  lintDockerfile,
  type PackingStage,
  type PackPlan,
  packingStageOf,
  StowageError,
  type Workspace,
} from '@stowage/core';
import { type Outcome, posixRelative } from '../command.ts';

/** What the command prints. */
export interface Printed {
  readonly dockerfile: string;
  /** Of the self-contained form alone. */
  readonly dockerignore: string | undefined;
}

interface Checked {
  readonly cwd: string;
  /** As the user wrote it. */
  readonly app: string;
  readonly workspace: Workspace;
  readonly plan: PackPlan;
  /** The absolute path of the file. */
  readonly path: string;
  /** The absolute path of what Docker is given. */
  readonly folder: string;
  /** The form that was asked for; else it is the file's own. */
  readonly told: PackingStage | undefined;
  /** What would be printed now. */
  print(packing: PackingStage | undefined): Printed;
}

type FindingIn = Finding & { readonly file: string };

/** Whether a committed Dockerfile is what Stowage would write, in the form that it has; or what is wrong with one written by hand. */
export async function checkDockerfile(checked: Checked): Promise<Outcome> {
  const file = posixRelative(checked.cwd, checked.path);
  const committed = await readFile(checked.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StowageError(ErrorCode.Usage, `Cannot read ${file}: ${error.code ?? error.message}.`, {
      hint: error.code === 'EISDIR' ? 'Name the Dockerfile in it.' : `\`${renewal(checked, checked.told, file)}\` makes it.`,
    });
  });
  const text = committed.replaceAll('\r\n', '\n');
  const generated = text.startsWith(generatedMark);
  const findings = generated ? await staleness(checked, file, text) : lint(checked, file, text);
  const stale = findings.find(({ code }) => code === 'stale');
  const well = `${file} ${generated ? 'is up to date' : 'has none of the faults that Stowage knows'}.\n`;
  return {
    json: { app: checked.plan.app, file, generated, stale: stale !== undefined, ...(stale === undefined ? {} : { line: stale.line }), findings },
    text:
      findings.length === 0
        ? well
        : findings.map(({ file, line, code, message, hint }) => `${file}:${line} ${code}: ${message}\n  ${hint.replaceAll('\n', '\n  ')}\n`).join(''),
    summary: findings.length === 0,
    found: findings.length > 0,
  };
}

function lint({ workspace, plan, path, folder }: Checked, file: string, text: string): FindingIn[] {
  const findings = lintDockerfile({
    path: posixRelative(workspace.root, path),
    text,
    packageManager: workspace.packageManager.id,
    closure: plan.closure,
    importers: workspace.importers,
    files: workspace.files,
    inRoot: (copied) => posixRelative(workspace.root, resolve(folder, copied.replace(/^\/+/, ''))),
  });
  return findings.map((finding) => ({ file, ...finding }));
}

/** A generated Dockerfile, and the ignore file that belongs beside it, against what would be printed now. */
async function staleness(checked: Checked, file: string, committed: string): Promise<FindingIn[]> {
  const { path, told, print } = checked;
  const packing = told ?? packingStageOf(committed, STOWAGE_VERSION);
  const { dockerfile, dockerignore } = print(packing);
  const compare = (name: string, code: string, text: string, wanted: string, hint: string): FindingIn[] => {
    const line = firstDifference(text, wanted);
    return line === undefined ? [] : [{ file: name, line, code, message: 'It is not what Stowage would write.', hint }];
  };
  const stale = compare(file, 'stale', committed, dockerfile, `\`${renewal(checked, packing, file)}\` brings it up to date.`);
  if (dockerignore === undefined) return stale;
  const ignoreFile = `${file}.dockerignore`;
  const ignored = await readFile(`${path}.dockerignore`, 'utf8').catch(() => undefined);
  const lines = `It must hold these lines:\n${dockerignore.trimEnd()}`;
  if (ignored === undefined)
    return [...stale, { file: ignoreFile, line: 1, code: 'ignore-file-missing', message: 'There is no such file.', hint: lines }];
  return [...stale, ...compare(ignoreFile, 'ignore-file-stale', ignored.replaceAll('\r\n', '\n'), dockerignore, lines)];
}

/** The command that makes a file of this form. */
function renewal({ app, cwd, workspace: { root } }: Checked, packing: PackingStage | undefined, file: string): string {
  const { program, below } = packing ?? { program: {}, below: '.' };
  return [
    `stowage dockerfile ${app}`,
    ...(packing === undefined ? [] : ['--self-contained']),
    ...(below === '.' ? [] : [`--context ${posixRelative(cwd, resolve(root, relative(join('/', below), '/')))}`]),
    ...('command' in program ? [`--program '${program.command}'`] : []),
    `> ${file}`,
  ].join(' ');
}

/** 1-based number of the first line that differs, or undefined where the texts are equal. */
function firstDifference(a: string, b: string): number | undefined {
  if (a === b) return undefined;
  const lines = b.split('\n');
  const index = a.split('\n').findIndex((line, at) => line !== lines[at]);
  return (index === -1 ? a.split('\n').length : index) + 1;
}
