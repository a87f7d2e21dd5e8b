import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../../../packages/core/src/errors.ts';
import type { Importer } from '../../../packages/core/src/model.ts';
import { npm } from '../../../packages/core/src/package-managers/npm/adapter.ts';
import { memoryFiles } from '../../kit/memory-files.ts';
import { type Entries, entriesOf, importersOf, lockText } from '../../kit/npm-lock.ts';

function edgesOf(importers: readonly Importer[], id: string, entries: Entries) {
  const lockfile = npm.parse({ path: 'package-lock.json', text: lockText({ ...entriesOf(importers), ...entries }) });
  const edges = npm.edges(lockfile, importers.find((importer) => importer.id === id) as Importer, importers, memoryFiles({}));
  return edges.map(({ kind, alias, specifier, target }) => `${kind} ${alias}@${specifier} -> ${Object.values(target)[0]}`);
}

describe("an importer's edges in npm's lockfile", () => {
  it('lead where the lockfile says: the own folder first, links to importers or folders, whatever the specifier', () => {
    const importers = importersOf({
      '.': { name: 'root' },
      'packages/app': {
        name: 'app',
        dependencies: { ms: '2.1.3', lib: '^1.0.0', 'is-odd': 'npm:is-even@1', tool: 'file:../../tool', wrappy: '1' },
        devDependencies: { wrappy: '1' },
        optionalDependencies: { fsevents: '2' },
        peerDependencies: { react: '18', once: '1' },
      },
      'packages/lib': { name: 'lib', version: '1.4.0' },
    });
    const edges = edgesOf(importers, 'packages/app', {
      tool: { name: 'tool', version: '1.0.0' },
      'node_modules/tool': { resolved: 'tool', link: true },
      'node_modules/is-odd': { name: 'is-even', version: '1.0.0' },
      'node_modules/ms': { version: '2.0.0' },
      'packages/app/node_modules/ms': { version: '2.1.3' },
      'node_modules/once': { version: '1.4.0' },
      'node_modules/wrappy': { version: '1.0.2' },
    });
    expect(edges).toEqual([
      'dependencies is-odd@npm:is-even@1 -> node_modules/is-odd',
      'dependencies lib@^1.0.0 -> packages/lib',
      'dependencies ms@2.1.3 -> packages/app/node_modules/ms',
      'dependencies tool@file:../../tool -> tool',
      'dependencies wrappy@1 -> node_modules/wrappy',
      'devDependencies wrappy@1 -> node_modules/wrappy',
      'peerDependencies once@1 -> node_modules/once',
    ]);
  });

  it('lead to a workspace that a package of the registry depends on, with the range that the package asks for', () => {
    const importers = importersOf({
      '.': { name: 'root' },
      'packages/app': { name: 'app', dependencies: { plugin: '^3.0.0' } },
      'packages/core': { name: 'core', version: '1.4.0' },
    });
    const edges = edgesOf(importers, 'packages/app', {
      'node_modules/plugin': { version: '3.1.0', dependencies: { helper: '1' } },
      'node_modules/helper': { version: '1.0.0', peerDependencies: { core: '>=1.2.0' } },
    });
    expect(edges).toEqual(['dependencies plugin@^3.0.0 -> node_modules/plugin', 'dependencies plugin@>=1.2.0 -> packages/core']);
  });

  it('lead to the importer in whose folder a package was found', () => {
    const importers = importersOf({
      '.': { name: 'root' },
      'packages/host': { name: 'host', dependencies: { ms: '1' } },
      'packages/host/inner': { name: 'inner', dependencies: { ms: '1' } },
    });
    const edges = edgesOf(importers, 'packages/host/inner', {
      'packages/host/node_modules/ms': { version: '1.0.0' },
      'node_modules/ms': { version: '2.0.0' },
    });
    expect(edges).toEqual(['dependencies ms@1 -> packages/host/node_modules/ms', 'dependencies ms@* -> packages/host']);
  });

  it('are refused where the manifest names what the lockfile lacks', () => {
    const importers = importersOf({ '.': { name: 'root' }, 'packages/app': { name: 'app', devDependencies: { expres: '4' } } });
    expect(() => edgesOf(importers, 'packages/app', { 'node_modules/express': { version: '4.0.0' } })).toThrow(
      expect.objectContaining({
        code: ErrorCode.LockfileOutdated,
        where: { file: 'packages/app/package.json', key: 'devDependencies.expres' },
        hint: expect.stringMatching(/npm install.*express/),
      }),
    );
  });
});
