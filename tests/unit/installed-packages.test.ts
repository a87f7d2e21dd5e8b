import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { installedProgram } from '../../packages/core/src/dockerfile/installed.ts';
import { layOut } from '../kit/cli.ts';

let remove = (): void => {};
afterEach(() => remove());

const manifest = (version: string, dependencies = {}): string => JSON.stringify({ version, dependencies });

it('copies packages with what they depend on, from a flat tree and from one of links', () => {
  const laid = layOut({
    'app/apps/web/package.json': '{}',
    'app/node_modules/.store/a/node_modules/a/package.json': manifest('1.0.0', { shared: '2', absent: '1' }),
    'app/node_modules/.store/a/node_modules/a/lib/index.js': '',
    'app/node_modules/.store/a/node_modules/shared/package.json': manifest('2.0.0'),
    'app/node_modules/flat/package.json': manifest('1.0.0', { shared: '1', nested: '1' }),
    'app/node_modules/flat/node_modules/nested/package.json': manifest('1.0.0', { flat: '1' }),
    'app/node_modules/shared/package.json': manifest('1.0.0'),
    'app/packages/db/node_modules/tool/package.json': JSON.stringify({ version: '3.0.0', bin: { migrate: './cli.js' } }),
    'app/packages/db/node_modules/tool/cli.js': '',
    'out/node_modules/tool/package.json': manifest('1.0.0'),
    'app/node_modules/unneeded/package.json': manifest('1.0.0'),
  });
  remove = laid.remove;
  mkdirSync(join(laid.folder, 'app/apps/web/node_modules'));
  symlinkSync('../../../node_modules/.store/a/node_modules/a', join(laid.folder, 'app/apps/web/node_modules/a'));
  const run = (asked: readonly string[]) => {
    const program = installedProgram(['apps/web', 'packages/db'], ['flat', 'a', 'optional'], asked);
    const here = program.replaceAll("'/out'", JSON.stringify(join(laid.folder, 'out'))).replaceAll(/"\/(app|out)\//g, `"${laid.folder}/$1/`);
    return spawnSync(process.execPath, ['-'], { input: here, encoding: 'utf8' });
  };
  expect(run(['tool'])).toMatchObject({ status: 0, stderr: '' });
  const version = (path: string): string => JSON.parse(readFileSync(join(laid.folder, 'out/node_modules', path, 'package.json'), 'utf8')).version;
  expect(['flat', 'nested', 'shared', 'a', 'a/node_modules/shared'].map(version)).toEqual(['1.0.0', '1.0.0', '1.0.0', '1.0.0', '2.0.0']);
  expect(existsSync(join(laid.folder, 'out/node_modules/a/lib/index.js'))).toBe(true);
  expect(existsSync(join(laid.folder, 'out/node_modules/unneeded'))).toBe(false);
  // another version lies where it would: traced, for something else
  expect([version('tool'), readlinkSync(join(laid.folder, 'out/apps/web/node_modules/.bin/migrate'))]).toEqual(['1.0.0', '../tool/cli.js']);
  expect(run(['absent'])).toMatchObject({ status: 1, stderr: expect.stringContaining('"absent"') });
});
