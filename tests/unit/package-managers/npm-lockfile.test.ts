import { describe, expect, it } from 'vitest';
import { ErrorCode, StowageError } from '../../../packages/core/src/errors.ts';
import { npm } from '../../../packages/core/src/package-managers/npm/adapter.ts';
import { lockText } from '../../kit/npm-lock.ts';

const parse = (text: string, path = 'package-lock.json') => npm.parse({ path, text });

describe("npm's lockfiles", () => {
  it.each([
    ['merge conflict markers', '{\n  "name": "x",\n<<<<<<< HEAD\n  "a": 1,\n=======\n>>>>>>> b\n}', ErrorCode.LockfileConflict, 3],
    ['broken JSON', '{\n  "lockfileVersion": 3,\n  "packages": {,}\n}', ErrorCode.LockfileSyntax, 3],
    ['no object', '[]', ErrorCode.LockfileSyntax, undefined],
    ['no packages', '{ "lockfileVersion": 3 }', ErrorCode.LockfileSyntax, undefined],
    ['the version of npm 6', '{\n  "name": "x",\n  "lockfileVersion": 1\n}', ErrorCode.LockfileVersion, 3],
    ['a version to come', '{\n  "lockfileVersion": 5,\n  "packages": {}\n}', ErrorCode.LockfileVersion, 2],
  ])('with %s are refused, with the line', (_, text, code, line) => {
    const error = failure(() => parse(text));
    expect([error.code, error.where?.line]).toEqual([code, line]);
    expect(error.hint).toMatch(/npm|Stowage/);
  });

  it('say which npm to run where the repository does not', () => {
    const versionOf = (lockfileVersion: number) => npm.defaultVersion(parse(lockText({}, { lockfileVersion })));
    expect([2, 3, 4].map(versionOf).map((version) => version.split('.')[0])).toEqual(['10', '11', '12']);
  });

  it.each([
    ['6.14.18', 2, 'package-lock.json', false],
    ['8.19.4', 2, 'package-lock.json', true],
    ['10.9.9', 3, 'package-lock.json', true],
    ['11.21.2', 4, 'package-lock.json', false],
    ['12.2.0', 4, 'package-lock.json', true],
    ['11.21.2', 3, 'npm-shrinkwrap.json', true],
    ['12.2.0', 3, 'npm-shrinkwrap.json', false],
  ])('npm %s with lockfileVersion %i in %s: %s', (version, lockfileVersion, path, accepted) => {
    const lockfile = parse(lockText({}, { lockfileVersion }), path);
    if (accepted) npm.assertAccepts(version, lockfile);
    else expect(failure(() => npm.assertAccepts(version, lockfile)).code).toBe(ErrorCode.LockfileVersion);
  });
});

function failure(action: () => unknown): StowageError {
  try {
    action();
  } catch (error) {
    if (error instanceof StowageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
