import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { PackageManagerId } from '@stowage/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InventedRepository } from '../fuzz/invented.ts';
import { type InventedRegistry, startRegistry } from '../fuzz/registry.ts';
import { packedInstall } from '../kit/packed-install.ts';
import { Repository } from '../kit/repository.ts';

/** Not yarn berry, which installs a package of git with that package's own manager, nor bun before 1.4, which finds no commit in a local one. */
const releases: readonly (readonly [PackageManagerId, string])[] = [
  ['pnpm', '10.34.9'],
  ['pnpm', '12.21.0'],
  ['npm', '11.19.1'],
  ['npm', '12.2.0'],
  ['yarn-classic', '1.22.22'],
  ['bun', '1.4.5'],
];

let registry: InventedRegistry;
const published: Repository[] = [];
beforeAll(async () => {
  registry = await startRegistry();
  for (const name of ['needed', 'unused']) {
    published.push(
      Repository.of({
        'package.json': JSON.stringify({ name, version: '1.2.3', dependencies: { below: '^1.0.0' } }),
        'index.js': 'module.exports = 1;\n',
      }),
    );
  }
});
afterAll(async () => {
  await registry.close();
  for (const repository of published) repository.remove();
});

it.each(releases)('%s %s installs packages that git holds', async (id, version) => {
  const [needed, unused] = published.map(({ folder }) => `git+${pathToFileURL(folder).href}`) as [string, string];
  const commit = execFileSync('git', ['-C', published[0]?.folder ?? '', 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  const repository: InventedRepository = {
    manager: { id, version },
    registry: [{ name: 'below', version: '1.0.0' }],
    importers: [
      {
        id: '.',
        manifest: {
          name: 'root',
          private: true,
          packageManager: `${id === 'yarn-classic' ? 'yarn' : id}@${version}`,
          ...(id === 'pnpm' ? {} : { workspaces: ['packages/*'] }),
        },
      },
      { id: 'packages/app', manifest: { name: 'app', version: '1.0.0', dependencies: { needed: `${needed}#${commit}` } } },
      { id: 'packages/other', manifest: { name: 'other', version: '1.0.0', dependencies: { needed: `${needed}#${commit}`, unused } } },
    ],
    ...(id === 'pnpm' ? { settings: { packages: ['packages/*'] } } : {}),
    ...(id === 'npm' ? { npmrc: { 'allow-git': 'all' } } : {}),
  };
  const installed = await packedInstall(repository, registry);
  if (installed !== undefined) expect(installed).toEqual({ deps: ['below@1.0.0', 'needed@1.2.3'], prod: ['below@1.0.0', 'needed@1.2.3'] });
});
