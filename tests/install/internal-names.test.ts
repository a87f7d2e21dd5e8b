import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyWords } from '../../packages/core/src/run/verify-install.ts';
import { installCopy, removeFolder } from '../kit/install.ts';
import { type RecordingRegistry, recordingRegistry } from '../kit/registry.ts';
import { Repository } from '../kit/repository.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

interface Manager {
  readonly packageManager: string;
  readonly lock: readonly string[];
  readonly root: object;
  readonly files: Readonly<Record<string, string>>;
  /** Kinds of range that a dependent may write for a workspace package of version 1.2.3. */
  readonly ranges: readonly string[];
}

const pnpm = (version: string): Manager => ({
  packageManager: `pnpm@${version}`,
  lock: ['npx', '--yes', `pnpm@${version}`, 'install', '--lockfile-only'],
  root: {},
  files: { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\nlinkWorkspacePackages: true\n', '.npmrc': 'link-workspace-packages=true\n' },
  ranges: ['workspace:*', 'workspace:^', 'workspace:~', 'workspace:^1.0.0', 'workspace:1.2.3', '^1.0.0', '1.2.3', '>=1 <2'],
});
const npm = (version: string): Manager => ({
  packageManager: `npm@${version}`,
  lock: ['npx', '--yes', `npm@${version}`, 'install', '--package-lock-only'],
  root: { workspaces: ['packages/*'] },
  files: {},
  ranges: ['*', '^1.0.0', '1.2.3', '>=1 <2', 'file:../lib'],
});

describe.each([pnpm('9.15.9'), pnpm('10.34.9'), npm('10.9.9'), npm('11.6.2')])('$packageManager', (manager) => {
  let registry: RecordingRegistry;
  let repository: Repository;
  const copies: string[] = [];
  beforeEach(async () => {
    registry = await recordingRegistry();
  });
  afterEach(async () => {
    await registry.close();
    repository.remove();
    for (const copy of copies.splice(0)) removeFolder(copy);
  });

  it('asks no registry for a workspace package, however its range is written', async () => {
    const { packageManager, ranges } = manager;
    const wanted = Object.fromEntries(ranges.map((range, index) => [`@internal-to-harbor/lib${index}`, range.replace('../lib', `../lib${index}`)]));
    repository = Repository.of({
      'package.json': json({ name: 'root', private: true, packageManager, ...manager.root }),
      'packages/app/package.json': json({ name: '@internal-to-harbor/app', version: '0.1.0', dependencies: { ...wanted, once: '1.4.0' } }),
      'packages/other/package.json': json({ name: '@internal-to-harbor/other', version: '3.0.0', dependencies: { ...wanted, ms: '2.1.3' } }),
      ...Object.fromEntries(
        Object.keys(wanted).map((name, index) => [
          `packages/lib${index}/package.json`,
          json({ name, version: '1.2.3', dependencies: { 'is-number': '7.0.0' } }),
        ]),
      ),
      ...manager.files,
    });
    repository.run(...(manager.lock as [string, ...string[]]));
    repository.commit('lock');
    const { plan, folder } = await repository.pack('@internal-to-harbor/app');
    expect(plan.closure.build).toEqual(['packages/app', ...ranges.map((_, index) => `packages/lib${index}`).sort()]);
    for (const mode of ['deps', 'prod'] as const) {
      copies.push(await installCopy(join(folder, mode), verifyWords(plan.packageManager, mode), registry.url));
    }
    expect([...registry.asked].filter((name) => name.startsWith('@internal-to-harbor'))).toEqual([]);
    expect([...registry.asked]).toEqual(expect.arrayContaining(['once', 'is-number']));
    expect([...registry.asked]).not.toContain('ms');
  });
});
