import { closest } from './nearest.ts';

/** Where a problem lies: a file of the repository (POSIX path relative to its root), a 1-based line, a key inside it. */
export interface Location {
  readonly file?: string;
  readonly line?: number;
  readonly key?: string;
}

/** Stable codes; the number's first digit is the exit status of the command line (2 usage or config, 3 repository, 4 tools). */
export const ErrorCode = {
  Usage: 'STW2000',
  UnknownApp: 'STW2001',
  InvalidConfig: 'STW2002',
  UnsafeOutput: 'STW2003',
  NoPreset: 'STW2004',
  UnknownCommit: 'STW2005',
  UnknownPackage: 'STW2006',
  AmbiguousApp: 'STW2007',
  NoWorkspace: 'STW3001',
  NoLockfile: 'STW3002',
  SeveralLockfiles: 'STW3003',
  LockfileVersion: 'STW3004',
  LockfileConflict: 'STW3005',
  LockfileSyntax: 'STW3006',
  LockfileInconsistent: 'STW3007',
  LockfileOutdated: 'STW3008',
  InvalidManifest: 'STW3009',
  DuplicateName: 'STW3010',
  PackageManagerUnknown: 'STW3011',
  MissingFile: 'STW3012',
  LinkLeavesClosure: 'STW3013',
  InvalidSettings: 'STW3014',
  UnsupportedPackageManager: 'STW3015',
  FileAccess: 'STW3016',
  ToolMissing: 'STW4001',
  ToolFailed: 'STW4002',
} as const;
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/**
 * A problem of the input or of a tool that a person can mend. A plain `Error` is a bug of Stowage itself.
 * `message` says what is wrong, `where` where, `hint` what to do.
 */
export class StowageError extends Error {
  override readonly name = 'StowageError';
  readonly code: ErrorCode;
  readonly where: Location | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: { where?: Location; hint?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.where = details.where;
    this.hint = details.hint;
  }
}

/** "Did you mean a, b?" for a misspelt name, or undefined where nothing is near. */
export function didYouMean(wrong: string, known: readonly string[]): string | undefined {
  const near = closest(wrong, known, 3);
  return near.length === 0 ? undefined : `Did you mean ${near.join(', ')}?`;
}
