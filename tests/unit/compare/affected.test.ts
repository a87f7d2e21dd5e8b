import { afterAll, describe, expect, it } from 'vitest';
import {
  type AffectedApp,
  affectedApps,
  describeChange,
  packer,
  readWorkspace,
  readWorkspaceAt,
  type Side,
  type Workspace,
} from '../../../packages/core/src/index.ts';
import { acme } from '../../kit/acme.ts';
import { Repository } from '../../kit/repository.ts';

const made: Repository[] = [];
afterAll(() => {
  for (const repository of made) repository.remove();
});

const sideOf = (workspace: Workspace): Side => ({ workspace, pack: packer(workspace) });

function repository(): Repository {
  const created = Repository.of(acme);
  made.push(created);
  return created;
}

async function affectedBy(change: (repository: Repository) => void) {
  const created = repository();
  change(created);
  return affectedApps(sideOf(await readWorkspace(created.folder)), sideOf(await readWorkspaceAt(created.folder, 'HEAD')));
}

const reasons = ({ changes }: AffectedApp) => changes.map((change) => `${describeChange(change)} [${change.steps.join(', ')}]`);

describe('the affected apps of an edited working tree', () => {
  it.each<[string, (repository: Repository) => void, string[]]>([
    ['nothing', () => {}, []],
    ['a file of no closure', (it) => it.write('docs/readme.md', 'x'), []],
    [
      'the version of a package',
      (it) => it.edit('packages/lib/package.json', (text) => text.replace('1.0.0', '1.1.0')),
      ['packages/lib/package.json: version 1.0.0 -> 1.1.0, in @acme/api > @acme/lib [build, image]'],
    ],
    [
      'a source',
      (it) => it.edit('packages/lib/index.js', (text) => text.replace('42', '43')),
      ['packages/lib/index.js, in @acme/api > @acme/lib [build, image]'],
    ],
    [
      'a new file that git does not know',
      (it) => it.write('apps/api/more.js', 'export {};\n'),
      ['apps/api/more.js added, in @acme/api [build, image]'],
    ],
    ['a file gone', (it) => it.run('rm', 'packages/lib/index.js'), ['packages/lib/index.js removed, in @acme/api > @acme/lib [build, image]']],
    [
      'a mode',
      (it) => it.run('chmod', '+x', 'packages/lib/index.js'),
      ['packages/lib/index.js: file mode 100644 -> 100755, in @acme/api > @acme/lib [build, image]'],
    ],
    [
      'a setting of the install',
      (it) => it.write('.npmrc', 'shamefully-hoist=true\n'),
      ['.npmrc added, in acme [install, production install, build, image]', 'stage prod-deps differs [production install, image]'],
    ],
    [
      'the version of the package manager',
      (it) => it.edit('package.json', (text) => text.replace('10.34.9', '10.34.8')),
      [
        'package.json: packageManager pnpm@10.34.9 -> pnpm@10.34.8, in acme [install, production install, build, image]',
        expect.stringMatching(/^stage base differs/),
      ],
    ],
    [
      'the config',
      (it) => it.write('stowage.json', '{ "env": { "A": "1" } }'),
      ['config env {"A":"1"} added [image]', 'stage runtime differs [image]'],
    ],
    [
      'the version of Node',
      (it) => it.write('stowage.json', '{ "node": 20 }'),
      [
        expect.stringMatching(/^config node 20 added \[install, production install, build, image\]/),
        expect.stringMatching(/^base image node node:\d+-slim -> node:20-slim \[install, production install, build, image\]/),
      ],
    ],
  ])('%s', async (_, change, expected) => {
    const { apps, unaffected } = await affectedBy(change);
    expect(apps.flatMap(reasons)).toEqual(expected);
    expect([...apps, ...unaffected].map(({ id }) => id)).toEqual(['apps/api']);
  });

  it('tells new apps and those that are gone', async () => {
    const { apps, unaffected, removed } = await affectedBy((it) => {
      it.run('git', 'mv', 'apps/api', 'apps/server');
      it.edit('pnpm-lock.yaml', (text) => text.replace('apps/api', 'apps/server'));
    });
    expect({ apps: apps.map(({ id, reason }) => [id, reason]), unaffected, removed }).toEqual({
      apps: [['apps/server', 'new']],
      unaffected: [],
      removed: [{ id: 'apps/api', name: '@acme/api' }],
    });
  });

  it('counts an app as affected that could not be packed at the base', async () => {
    const created = repository();
    created.edit('pnpm-lock.yaml', (text) => text.replace("'@acme/lib':", "'@acme/other':"));
    created.commit('outdated');
    created.edit('pnpm-lock.yaml', (text) => text.replace("'@acme/other':", "'@acme/lib':"));
    const { apps } = await affectedApps(sideOf(await readWorkspace(created.folder)), sideOf(await readWorkspaceAt(created.folder, 'HEAD')));
    expect(apps).toMatchObject([{ id: 'apps/api', reason: 'unknown', problem: expect.stringContaining('@acme/lib') }]);
  });
});
