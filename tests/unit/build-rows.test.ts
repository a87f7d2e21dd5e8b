import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { buildRows } from '../../packages/core/src/context/build-rows.ts';
import type { Closure } from '../../packages/core/src/model.ts';

/** A closure of `app`, from `app: ['lib']`. */
function closureOf(dependencies: Readonly<Record<string, readonly string[]>>): Closure {
  const why = Object.entries(dependencies).flatMap(([from, names]) => names.map((to) => ({ from, to, kind: 'dependencies' as const, by: '*' })));
  return { app: 'app', build: [...new Set(['app', ...why.flatMap(({ from, to }) => [from, to])])].sort(), runtime: [], why };
}

const rows = (dependencies: Readonly<Record<string, readonly string[]>>, working: readonly string[]) =>
  buildRows(closureOf(dependencies), new Set(working));

test.each([
  ['an app alone', {}, ['app'], [['app']]],
  ['packages that are only copied', { app: ['ui', 'theme'], ui: ['theme'] }, ['app'], [['app', 'theme', 'ui']]],
  ['a chain', { app: ['b'], b: ['a'] }, ['app', 'a', 'b'], [['a'], ['b'], ['app']]],
  ['what only the app needs comes right before it', { app: ['late', 'b'], b: ['a'] }, ['app', 'a', 'b', 'late'], [['a'], ['b', 'late'], ['app']]],
  [
    'what is only copied comes with the first that needs it',
    { app: ['b'], b: ['a', 'copied'], a: [] },
    ['app', 'a', 'b'],
    [['a'], ['b', 'copied'], ['app']],
  ],
  ['what is only copied waits for what it needs', { app: ['copied'], copied: ['a'] }, ['app', 'a'], [['a'], ['app', 'copied']]],
  ['a cycle is one row', { app: ['a'], a: ['b'], b: ['c'], c: ['a', 'd'] }, ['app', 'a', 'b', 'c', 'd'], [['d'], ['a', 'b', 'c'], ['app']]],
  ['a cycle with the app', { app: ['a'], a: ['app', 'b'] }, ['app', 'a', 'b'], [['b'], ['a', 'app']]],
  ['packages in one another', { app: ['libs', 'libs/a'] }, ['app', 'libs', 'libs/a'], [['app', 'libs', 'libs/a']]],
])('%s', (_, dependencies, working, expected) => {
  expect(rows(dependencies, working)).toEqual(expected);
});

it('has everything before what needs it, whatever the graph', () => {
  const names = ['app', 'a', 'b', 'c', 'd', 'e', 'f'];
  const some = fc.subarray(names);
  const graph = fc.tuple(...names.map(() => some)).map((lists) => Object.fromEntries(names.map((name, nth) => [name, lists[nth] ?? []])));
  fc.assert(
    fc.property(graph, some, (dependencies, working) => {
      const found = rows(dependencies, working);
      const rowOf = (name: string): number => found.findIndex((row) => row.includes(name));
      const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
        from === to || (!seen.has(from) && (dependencies[from] ?? []).some((next) => reaches(next, to, seen.add(from))));
      expect(found.flat().sort()).toEqual(closureOf(dependencies).build);
      expect(found.every((row) => row.length > 0)).toBe(true);
      for (const [from, list] of Object.entries(dependencies)) {
        for (const to of list) {
          if (reaches(to, from)) expect(rowOf(to)).toBe(rowOf(from));
          else if (working.includes(to)) expect(rowOf(to)).toBeLessThan(rowOf(from));
          else expect(rowOf(to)).toBeLessThanOrEqual(rowOf(from));
        }
      }
    }),
  );
});
