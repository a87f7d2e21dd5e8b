import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { looksPrinted, readPlainYaml } from '../../../packages/core/src/package-managers/pnpm/plain-yaml.ts';

/** The parser that pnpm itself reads and prints its lockfile with. */
const yaml = createRequire(new URL('../../../packages/core/package.json', import.meta.url))('@zkochan/js-yaml');
const loaded = (text: string): unknown => yaml.load(text, { schema: yaml.FAILSAFE_SCHEMA });

describe('YAML as pnpm prints it', () => {
  it.each([
    "'@a/b@1.0.0(c@2.0.0)':\n    resolution: {integrity: sha512-x==, tarball: https://h/x.tgz}\n    engines: {'0': node >= 0.8, npm: '>=1, <2'}\n",
    "a:\n  cpu: [x64, arm64]\n  it''s: 'it''s: {}'\n\nb: {}\nc:\n  - one\n  - 'two: 2'\n",
    'a:\n  deprecated: |-\n    one: two\n\n      deeper\n    {\n  hasBin: true\n',
    'a:\r\n  b: link:../c\r\n\r\nd: file:e(f@1)\r\n',
    '  indented:\n    deeper: <1 || >=2\n',
  ])('%j', (text) => {
    expect(looksPrinted(text)).toBe(true);
    expect(readPlainYaml(text)).toEqual(loaded(text));
  });

  test('any value, printed as pnpm does', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('1.0.0', '^1 || ^2', 'link:../a', "it's", '@a/b@1(c@2)', 'true', '', '-', 'a: b', 'a #b', '{}'),
    );
    const key = word.filter((text) => text !== '__proto__');
    const { value } = fc.letrec((tie) => ({
      value: fc.dictionary(key, fc.oneof(word, fc.array(word, { minLength: 1 }), tie('value')), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(value, (mapping) => {
        const text: string = yaml.dump(mapping, { lineWidth: -1, noCompatMode: true });
        const read = readPlainYaml(text);
        if (read !== undefined) expect(read).toEqual(loaded(text));
      }),
    );
  });
});

describe('other YAML', () => {
  it.each([
    ['a flow collection that goes on', 'a: {b\n'],
    ['two words in one entry', 'a: {b c\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['an anchor', 'a: &x 1\nb: *x\n'],
    ['a text over several lines', 'a: one\n  two\n'],
    ['a comment', 'a: 1 # one\n'],
    ['a folded block', 'a: >-\n  b\n'],
    ['a tab', 'a:\n\tb: 1\n'],
    ['a key without a value', 'a:\nb: 1\n'],
    ['double quotes', 'a: "\\_"\n'],
    ['nested flow', 'a: {b: {c: d}}\n'],
    ['a key of every object', 'constructor: 1\n'],
  ])('%s is left to a whole parser', (_, text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });

  it.each(['a: {b\n', 'a: "b"\n', 'a: &x\n', '<<<<<<< HEAD\n', 'a\n'])('%j does not look printed', (text) => {
    expect(looksPrinted(text)).toBe(false);
  });
});
