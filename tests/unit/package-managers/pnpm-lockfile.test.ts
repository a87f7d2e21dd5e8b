import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ErrorCode, StowageError } from '../../../packages/core/src/errors.ts';
import { pnpm } from '../../../packages/core/src/package-managers/pnpm/adapter.ts';
import { splitBlocks } from '../../../packages/core/src/package-managers/pnpm/text-blocks.ts';

const minimal = "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n";
const parse = (text: string) => pnpm.parse({ path: 'pnpm-lock.yaml', text });

function failure(action: () => unknown): StowageError {
  try {
    action();
  } catch (error) {
    if (error instanceof StowageError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('blocks of a text', () => {
  const keys = (text: string, indent: number) => splitBlocks(text, 0, text.length, indent).map(({ key }) => key);

  it('reads plain, quoted and explicit keys', () => {
    const text = "a@1:\n  x: 1\n'@b/c@1':\n  x: 1\n'it''s': 1\n\"\\u00e9\": 2\n? long\n: x: 1\nfile:a/b:\n  x: 1\nhttps://h:8080/x.tgz:\n  y: 2\n";
    expect(keys(text, 0)).toEqual(['a@1', '@b/c@1', "it's", 'é', 'long', 'file:a/b', 'https://h:8080/x.tgz']);
  });

  it('leaves literal text, blank lines inside it and carriage returns to the key before', () => {
    const text = 'a:\r\n  deprecated: |-\r\n    one\r\n\r\n    b: two\r\n\r\nb: 1\r\n';
    expect(splitBlocks(text, 0, text.length, 0).map(({ start, end }) => text.slice(start, end))).toEqual([
      'a:\r\n  deprecated: |-\r\n    one\r\n\r\n    b: two\r\n',
      '\r\nb: 1\r\n',
    ]);
  });

  test('printed one after the other they give the text again', () => {
    const line = fc.constantFrom('a: 1', 'b:', '', '  c: 2', '    d: |', '      e', '  ? f', '  : g: 1', "'h': {}", '\r');
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = ['start:', ...lines, ''].join('\n');
        const blocks = splitBlocks(text, 0, text.length, 0);
        expect(blocks.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
      }),
    );
  });
});

describe('a lockfile that cannot be read', () => {
  it('names the line of a merge conflict', () => {
    const error = failure(() => parse(`${minimal}<<<<<<< HEAD\n  a: {}\n=======\n  b: {}\n>>>>>>> main\n`));
    expect(error).toMatchObject({ code: ErrorCode.LockfileConflict, where: { file: 'pnpm-lock.yaml', line: 6 } });
    expect(error.hint).toContain('pnpm install');
  });

  it('names the line of broken YAML', () => {
    const error = failure(() => parse("lockfileVersion: '9.0'\n\nimporters:\n\n  .: {a\n"));
    expect(error).toMatchObject({ code: ErrorCode.LockfileSyntax, where: { file: 'pnpm-lock.yaml' } });
    expect(error.where?.line).toBeGreaterThan(4);
  });

  it.each([
    ['5.3', 'pnpm 9 or later'],
    ['10.0', 'update Stowage'],
    ['', 'damaged'],
  ])('says what to do about version "%s"', (version, hint) => {
    const error = failure(() => parse(`lockfileVersion: '${version}'\n\nimporters:\n\n  .: {}\n`));
    expect(error).toMatchObject({ code: ErrorCode.LockfileVersion, where: { line: 1, key: 'lockfileVersion' } });
    expect(error.hint).toContain(hint);
  });

  it('tells an empty file and one that holds only the document about pnpm', () => {
    expect(failure(() => parse('')).code).toBe(ErrorCode.LockfileSyntax);
    expect(failure(() => parse(`---\n${minimal}`)).code).toBe(ErrorCode.LockfileSyntax);
  });

  it('counts lines from the start of the file where there are two documents', () => {
    const error = failure(() => parse(`---\n${minimal}\n---\n${minimal}\npackages:\n\n  a: {x\n`));
    expect(error.where?.line).toBeGreaterThan(13);
  });
});

describe('the version of pnpm', () => {
  const withSection = (section: string) => parse(minimal.replace('\nimporters', `\n${section}\n\nimporters`));
  const old = "lockfileVersion: '6.0'\n\nimporters:\n\n  .: {}\n";

  it.each([
    ['a 6.0 lockfile', parse(old), '8.'],
    ['a plain 9.0 lockfile', parse(minimal), '10.'],
    ['an md5 checksum', withSection('packageExtensionsChecksum: 49a5c42ebdc331495663a344302e74b8'), '9.'],
    ['a sha256 checksum', withSection('packageExtensionsChecksum: sha256-QG4c9KJXY='), '10.'],
    ['a short patch hash', withSection('patchedDependencies:\n  a@1.0.0:\n    hash: 3wuhjtl4hjck4itk3w32z4cd5u\n    path: a.patch'), '9.'],
    ['a long patch hash', withSection(`patchedDependencies:\n  a@1.0.0:\n    hash: ${'a'.repeat(64)}\n    path: a.patch`), '10.'],
    ['a patch that is a hash alone', withSection(`patchedDependencies:\n  a@1.0.0: ${'a'.repeat(64)}`), '11.'],
    ['a document about configDependencies', parse(`---\n${minimal}\n---\n${minimal}`), '11.'],
    [
      'a document about pnpm itself',
      parse(
        `---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    packageManagerDependencies:\n      pnpm:\n        specifier: 12.3.4\n        version: 12.3.4\n\n---\n${minimal}`,
      ),
      '12.3.4',
    ],
  ])('is told by %s', (_, lockfile, version) => {
    expect(pnpm.defaultVersion(lockfile)).toMatch(new RegExp(`^${version.replaceAll('.', '\\.')}`));
    expect(() => pnpm.assertAccepts(pnpm.defaultVersion(lockfile), lockfile)).not.toThrow();
  });

  it('must be one that accepts the lockfile', () => {
    const accepts = (text: string) => ['7.33.7', '8.15.9', '9.15.9', '10.34.9', '11.28.11', '12.21.0'].filter((version) => isAccepted(version, text));
    const isAccepted = (version: string, text: string): boolean => {
      try {
        pnpm.assertAccepts(version, parse(text));
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: ErrorCode.LockfileVersion, hint: expect.stringContaining(`pnpm@${version} install`) });
        return false;
      }
    };
    expect(accepts(old)).toEqual(['8.15.9', '9.15.9']);
    expect(accepts(minimal)).toEqual(['9.15.9', '10.34.9', '11.28.11', '12.21.0']);
    expect(accepts(`---\n${minimal}\n---\n${minimal}`)).toEqual(['10.34.9', '11.28.11', '12.21.0']);
  });
});
