import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack, readWorkspace, StowageError, writePlan, writeTogether } from '@stowage/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Repository } from '../kit/repository.ts';

describe('writing a plan', () => {
  let repository: Repository;
  beforeEach(() => {
    repository = Repository.ofExample('npm-node-and-vite');
  });
  afterEach(() => repository.remove());

  const writeTo = async (folder: string): Promise<void> => {
    const workspace = await readWorkspace(repository.folder);
    await writePlan(await pack(workspace, '@harbor/api'), workspace, folder);
  };
  const mode = (path: string): string => (lstatSync(path).mode & 0o777).toString(8);

  it('gives files and folders the modes that git has, whatever the umask', async () => {
    chmodSync(join(repository.folder, 'packages/tides/cli.js'), 0o755);
    const umask = process.umask(0o002);
    try {
      const { folder } = await repository.pack('@harbor/api');
      expect(mode(join(folder, 'src/packages/tides/cli.js'))).toBe('755');
      expect(mode(join(folder, 'src/packages/tides/index.js'))).toBe('644');
      expect(mode(join(folder, 'src/packages/tides'))).toBe('755');
      expect(mode(join(folder, 'deps/packages/tides/cli.js'))).toBe('755');
    } finally {
      process.umask(umask);
    }
  });

  it('keeps a link of the closure a link, and refuses one that leaves it', async () => {
    symlinkSync('../../packages/tides/index.js', join(repository.folder, 'apps/api/tides.js'));
    const { folder } = await repository.pack('@harbor/api');
    expect(readlinkSync(join(folder, 'src/apps/api/tides.js'))).toBe('../../packages/tides/index.js');
    symlinkSync('/etc/hostname', join(repository.folder, 'apps/api/hostname'));
    await expect(repository.pack('@harbor/api')).rejects.toMatchObject({ code: 'STW3013', where: { file: 'apps/api/hostname' } });
  });

  it('replaces its own folder, and leaves nothing beside it', async () => {
    const out = join(repository.folder, 'out/api');
    await writeTo(out);
    writeFileSync(join(out, 'stale'), '');
    await writeTo(out);
    expect(existsSync(join(out, 'stale'))).toBe(false);
    expect(readdirSync(join(repository.folder, 'out'))).toEqual(['api']);
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  it.each([
    ['a folder with other files', 'other', (folder: string) => writeFileSync(join(folder, 'precious'), '')],
    ['the workspace itself', '.', () => undefined],
    ['a package', 'apps/api', () => undefined],
  ])('refuses %s', async (_what, path, prepare) => {
    const folder = join(repository.folder, path);
    mkdirSync(folder, { recursive: true });
    prepare(folder);
    const before = readdirSync(folder);
    await expect(writeTo(folder)).rejects.toBeInstanceOf(StowageError);
    await expect(writeTo(folder)).rejects.toMatchObject({ code: 'STW2003' });
    expect(readdirSync(folder)).toEqual(before);
  });

  it('puts several folders in their places together, or none', async () => {
    const workspace = await readWorkspace(repository.folder);
    const [api, web] = [await pack(workspace, '@harbor/api'), await pack(workspace, '@harbor/web')];
    const out = join(repository.folder, 'out');
    const interrupted = writeTogether(workspace, async (write) => {
      await write(api, join(out, 'api'));
      throw new Error('the next cannot be planned');
    });
    await expect(interrupted).rejects.toThrow('the next cannot be planned');
    expect(readdirSync(out)).toEqual([]);
    const both = (folders: readonly [string, string]): Promise<void> =>
      writeTogether(workspace, async (write) => {
        await write(api, join(out, folders[0]));
        expect(existsSync(join(out, folders[0]))).toBe(false);
        await write(web, join(out, folders[1]));
      });
    await expect(both(['same', 'same'])).rejects.toMatchObject({ code: 'STW3010' });
    expect(readdirSync(out)).toEqual([]);
    await both(['api', 'web']);
    expect(readdirSync(out)).toEqual(['api', 'web']);
  });
});
