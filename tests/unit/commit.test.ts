import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pack, planJson, readWorkspace, readWorkspaceAt, StowageError, writePlan } from '@stowage/core';
import { afterAll, describe, expect, it } from 'vitest';
import { Repository } from '../kit/repository.ts';

const lockfile = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .: {}

  apps/web:
    dependencies:
      lib:
        specifier: workspace:*
        version: link:../../packages/lib

  packages/lib: {}
`;

const files: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "root", "private": true, "packageManager": "pnpm@10.34.9" }\n',
  'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n',
  'pnpm-lock.yaml': lockfile,
  'tsconfig.base.json': '{ "compilerOptions": { "strict": true } }\n',
  'apps/web/package.json':
    '{ "name": "web", "version": "1.2.3", "scripts": { "start": "node main.js" }, "dependencies": { "lib": "workspace:*" } }\n',
  'apps/web/tsconfig.json': '{ "extends": "../../tsconfig.base.json" }\n',
  'apps/web/main.js': "import 'undeclared/deep';\n",
  'packages/lib/package.json': '{ "name": "lib", "main": "index.js" }\n',
  'packages/lib/index.js': 'export default 1;\n',
  'packages/lib/grüße.txt': 'ü\n',
  'packages/undeclared/package.json': '{ "name": "undeclared" }\n',
  'packages/undeclared/deep.js': 'export {};\n',
  'packages/other/package.json': '{ "name": "other" }\n',
};

const made: Repository[] = [];

function repository(below = ''): Repository {
  const lockedToo = lockfile.replace('packages/lib: {}', 'packages/lib: {}\n\n  packages/other: {}\n\n  packages/undeclared: {}');
  const entries = Object.entries({ ...files, 'pnpm-lock.yaml': lockedToo }).map(([path, text]) => [below + path, text]);
  const created = Repository.of({ ...Object.fromEntries(entries), '.gitignore': 'out/\n' });
  made.push(created);
  symlinkSync('index.js', join(created.folder, `${below}packages/lib/same.js`));
  chmodSync(join(created.folder, `${below}packages/lib/index.js`), 0o755);
  created.commit('a link and a mode');
  return created;
}

afterAll(() => {
  for (const created of made) created.remove();
});

async function planOf(workspace: ReturnType<typeof readWorkspace>): Promise<string> {
  return planJson(await pack(await workspace, 'web'));
}

describe('a workspace at a commit', () => {
  it('has the plan of its checkout, whatever lies in the folder now', async () => {
    const created = repository();
    const checkout = await planOf(readWorkspace(created.folder));
    expect(JSON.parse(checkout).closure.build).toEqual(['apps/web', 'packages/lib', 'packages/undeclared']);

    created.write('apps/web/main.js', 'export {};\n');
    created.write('packages/new/package.json', '{ "name": "new" }');
    created.write('pnpm-lock.yaml', 'broken');
    created.commit('later');
    expect(await planOf(readWorkspaceAt(created.folder, 'HEAD~1'))).toBe(checkout);
  });

  it('needs no checkout', async () => {
    const created = repository();
    const checkout = await planOf(readWorkspace(created.folder));
    const bare = `${created.folder}-out/bare.git`;
    execFileSync('git', ['clone', '--quiet', '--bare', created.folder, bare]);
    expect(await planOf(readWorkspaceAt(bare, 'HEAD'))).toBe(checkout);
  });

  it('may be a subfolder of its repository', async () => {
    const created = repository('web stuff/');
    const root = join(created.folder, 'web stuff');
    expect(await planOf(readWorkspaceAt(root, 'HEAD'))).toBe(await planOf(readWorkspace(root)));
  });

  it('is written from the commit, not from the folder', async () => {
    const created = repository();
    created.write('packages/lib/index.js', 'export default 2;\n');
    const workspace = await readWorkspaceAt(created.folder, 'HEAD');
    const out = `${created.folder}-out/web`;
    await writePlan(await pack(workspace, 'web'), workspace, out);
    expect(execFileSync('node', ['-p', `require('fs').readFileSync('src/packages/lib/index.js', 'utf8')`], { cwd: out, encoding: 'utf8' })).toMatch(
      'export default 1;',
    );
  });

  it('says so where the commit is not there', async () => {
    const failure = await readWorkspaceAt(repository().folder, 'no-such-branch').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StowageError);
    expect(failure).toMatchObject({ code: 'STW2005', message: expect.stringContaining('no-such-branch'), hint: expect.stringContaining('shallow') });
  });
});

describe('the list of files of a checkout', () => {
  it('passes over the folder of a submodule that is not checked out', async () => {
    const inner = repository();
    const outer = repository();
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.folder, 'packages/sub');
    outer.commit('a submodule');
    const checkout = await readWorkspace(outer.folder);
    expect(checkout.importers.map(({ id }) => id)).toContain('packages/sub');
    outer.git('submodule', '--quiet', 'deinit', '--force', 'packages/sub');
    const without = await readWorkspace(outer.folder);
    expect(without.files.list.filter(({ path }) => path.startsWith('packages/sub'))).toEqual([]);
    expect(await planOf(readWorkspaceAt(outer.folder, 'HEAD'))).toBe(await planOf(Promise.resolve(without)));
  });

  it('knows what was changed, removed and added since the index, and what a sparse checkout leaves out', async () => {
    const created = repository();
    const before = await readWorkspace(created.folder);
    created.write('packages/lib/index.js', 'export default 3;\n');
    created.write('packages/lib/new.js', 'export {};\n');
    created.write('out/ignored.js', '');
    created.run('rm', 'packages/lib/same.js');
    const { files } = await readWorkspace(created.folder);
    expect(files.get('packages/lib/same.js')).toBeUndefined();
    expect(files.get('out/ignored.js')).toBeUndefined();
    expect(files.get('packages/lib/new.js')).toMatchObject({ mode: '100644', tracked: false });
    expect(files.get('packages/lib/index.js')).toMatchObject({ mode: '100755', tracked: true });
    expect(files.blobId('packages/lib/index.js')).toBe(created.git('hash-object', 'packages/lib/index.js').trim());
    expect(before.files.blobId('packages/lib/index.js')).toBe(created.git('rev-parse', 'HEAD:packages/lib/index.js').trim());

    created.restore();
    created.git('sparse-checkout', 'set', '--no-cone', '/*', '!/packages/other');
    const sparse = await readWorkspace(created.folder);
    expect(before.files.get('packages/other/package.json')).toBeDefined();
    expect(sparse.files.get('packages/other/package.json')).toBeUndefined();
  });
});
