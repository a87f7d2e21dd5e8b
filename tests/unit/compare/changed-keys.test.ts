import { describe, expect, it } from 'vitest';
import { changedKeys } from '../../../packages/core/src/compare/changed-keys.ts';

const named = (before: string, after: string) => changedKeys(before, after).map(({ key, before, after }) => [key, before, after]);

describe('where two texts differ', () => {
  it.each([
    ['JSON', '{\n  "a": {\n    "b.c": "1",\n    "d": "2"\n  }\n}\n', '{\n  "a": {\n    "b.c": "3",\n    "d": "2"\n  }\n}\n', ['a["b.c"]', '1', '3']],
    [
      'YAML',
      "overrides:\n  lodash: 4.17.20\n\npackages:\n\n  'a@1.0.0':\n    resolution: {integrity: x}\n",
      "overrides:\n  lodash: 4.17.21\n\npackages:\n\n  'a@1.0.0':\n    resolution: {integrity: x}\n",
      ['overrides.lodash', '4.17.20', '4.17.21'],
    ],
    [
      'a pnpm entry',
      "packages:\n\n  '@a/b@1.0.0':\n    resolution: {integrity: x}\n",
      "packages:\n\n  '@a/b@1.0.0':\n    resolution: {integrity: y}\n",
      ['packages["@a/b@1.0.0"].resolution', '{integrity: x}', '{integrity: y}'],
    ],
    [
      'yarn classic',
      '"a@^1", a@^1.2:\n  version "1.2.0"\n  integrity x\n',
      '"a@^1", a@^1.2:\n  version "1.2.0"\n  integrity y\n',
      [expect.stringContaining('.integrity'), 'x', 'y'],
    ],
    [
      'bun',
      '{\n  "packages": {\n    "a": ["a@1.0.0", "", {}, "x"],\n  }\n}\n',
      '{\n  "packages": {\n    "a": ["a@1.0.0", "", {}, "y"],\n  }\n}\n',
      ['packages.a', '["a@1.0.0", "", {}, "x"]', '["a@1.0.0", "", {}, "y"]'],
    ],
    ['an rc file', '//r.example/:always-auth=true\nhoist=true\n', '//r.example/:always-auth=true\nhoist=false\n', ['hoist', 'true', 'false']],
    ['TOML', '[install]\nexact = true\n', '[install]\nexact = false\n', ['exact', 'true', 'false']],
    [
      'a list',
      'onlyBuiltDependencies:\n  - esbuild\n',
      'onlyBuiltDependencies:\n  - esbuild\n  - sharp\n',
      ['onlyBuiltDependencies["- sharp"]', undefined, ''],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(named(before, after)).toEqual([expected]);
  });

  it('names only the top of what was added or removed', () => {
    const before = 'packages:\n  a:\n    dependencies:\n      b: 1\n';
    expect(named(before, `${before}  c:\n    dependencies:\n      d: 1\n    x: y\n  e: 1\n`)).toEqual([
      ['packages.c', undefined, ''],
      ['packages.e', undefined, '1'],
    ]);
    expect(named(`${before}  c:\n    d:\n      e: 1\n`, before)).toEqual([['packages.c', '', undefined]]);
  });

  it('finds nothing where only the order differs', () => {
    expect(named('a: 1\nb: 2\n', 'b: 2\na: 1\n')).toEqual([]);
  });
});
