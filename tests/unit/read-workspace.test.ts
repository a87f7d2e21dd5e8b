import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWorkspace, StowageError } from '@stowage/core';
import { afterEach, describe, expect, it } from 'vitest';
import { Repository } from '../kit/repository.ts';

describe('reading a workspace', () => {
  let repository: Repository;
  afterEach(() => repository.remove());
  const ids = async (): Promise<string[]> => (await readWorkspace(repository.folder)).importers.map(({ id }) => id);

  it.each([
    ['quoted', '"packages":\n  - apps/*\n  - packages/*\n'],
    ['in one line', '{ packages: ["apps/*", "packages/*"] }\n'],
    ['after a byte order mark', '\uFEFFpackages:\n  - apps/*\n  - packages/*\n'],
  ])('finds the packages of a pnpm-workspace.yaml %s', async (_how, text) => {
    repository = Repository.ofExample('pnpm-node-and-vite');
    const all = await ids();
    expect(all.length).toBeGreaterThan(3);
    repository.write('pnpm-workspace.yaml', text);
    expect(await ids()).toEqual(all);
  });

  it('finds the workspaces of npm below `packages`, and manifests after a byte order mark', async () => {
    repository = Repository.ofExample('npm-node-and-vite');
    const all = await ids();
    const { workspaces, ...rest } = JSON.parse(repository.read('package.json'));
    repository.write('package.json', `\uFEFF${JSON.stringify({ ...rest, workspaces: { packages: workspaces } })}`);
    repository.write('apps/api/package.json', `\uFEFF${repository.read('apps/api/package.json')}`);
    expect(await ids()).toEqual(all);
  });

  it('takes no copy in a folder that git ignores for a package', async () => {
    repository = Repository.ofExample('pnpm-node-and-vite');
    repository.write('pnpm-workspace.yaml', 'packages:\n  - "**"\n');
    const all = await ids();
    mkdirSync(join(repository.folder, 'out/api/apps/api'), { recursive: true });
    writeFileSync(join(repository.folder, 'out/.gitignore'), '*\n');
    writeFileSync(join(repository.folder, 'out/api/apps/api/package.json'), repository.read('apps/api/package.json'));
    expect(await ids()).toEqual(all);
  });

  it.skipIf(process.getuid?.() !== 0)('does not go on without git where git refuses the folder', async () => {
    repository = Repository.ofExample('npm-node-and-vite');
    chownSync(repository.folder, 12345, 12345);
    chownSync(join(repository.folder, '.git'), 12345, 12345);
    chmodSync(repository.folder, 0o755);
    await expect(readWorkspace(repository.folder)).rejects.toThrow(StowageError);
    await expect(readWorkspace(repository.folder)).rejects.toMatchObject({ code: 'STW4002', hint: expect.stringContaining('safe.directory') });
  });
});
