import type { Location, StowageError } from '@stowage/core';
import type { CommanderError } from 'commander';

/** An error as it is told: to people by its lines, to machines by `json`, to scripts by `status`. */
export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly where?: string;
  readonly location?: Location;
  readonly hint?: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** The status of a bug in Stowage itself: EX_SOFTWARE of sysexits.h. */
const bugStatus = 70;

/** The first digit of a StowageError's number is the exit status; what is no StowageError is a bug. */
export function failureOf(error: unknown): Failure {
  if (isStowageError(error)) return failure(error.code, error.message, error.where, error.hint);
  const refusal = refusalOf(error);
  if (refusal !== undefined)
    return failure('STW3016', refusal, undefined, 'Mend the permissions or the disk, and run it again: nothing was left half-written.');
  const message = `This is a bug in Stowage: ${error instanceof Error ? error.message : String(error)}`;
  const stack = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  const hint = [
    'Please report it in the issue tracker of Stowage, with this text and the command that you ran.',
    `stowage ${STOWAGE_VERSION}, Node.js ${process.version}, ${process.platform}`,
    ...stack.slice(0, 8).map((line) => line.trim()),
  ].join('\n');
  return { status: bugStatus, code: 'BUG', message, hint, json: { code: 'BUG', message, hint } };
}

const refusals: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the quota of the disk is used up',
  EMFILE: 'too many files are open',
};

/** What the operating system refuses of a file is no bug. */
function refusalOf(error: unknown): string | undefined {
  const { code = '', path } = error as NodeJS.ErrnoException;
  return path === undefined || refusals[code] === undefined ? undefined : `${path}: ${refusals[code]}.`;
}

/** What commander refuses, in our words: what is wrong, and the nearest name or where the help is. */
export function usageFailure(error: CommanderError, command: string): Failure {
  const [problem = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const nearest = suggestion?.replace(/^\((.*)\)$/, '$1');
  const help = `\`${command} --help\` shows what there is.`;
  const message = `${problem.charAt(0).toUpperCase()}${problem.slice(1).replace(/\.$/, '')}.`;
  return failure('STW2000', message, undefined, nearest === undefined ? help : `${nearest} ${help}`);
}

/** Not `instanceof`: that would load core, which `--help` and a misspelt option do not need. */
function isStowageError(error: unknown): error is StowageError {
  return error instanceof Error && error.name === 'StowageError';
}

function failure(code: StowageError['code'], message: string, where: Location | undefined, hint: string | undefined): Failure {
  const hinted = hint === undefined ? {} : { hint };
  return {
    status: Number(code.charAt(3)),
    code,
    message,
    ...(where === undefined ? {} : { where: locationText(where), location: where }),
    ...hinted,
    json: { code, message, ...(where === undefined ? {} : { where }), ...hinted },
  };
}

function locationText({ file, line, key }: Location): string {
  return [file === undefined ? '' : line === undefined ? file : `${file}:${line}`, key ?? ''].filter((part) => part !== '').join(' ');
}
