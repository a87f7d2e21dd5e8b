import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyWords } from '../../packages/core/src/run/verify-install.ts';
import { installCopy, removeFolder } from '../kit/install.ts';
import { runPnpm } from '../kit/pnpm.ts';
import { type RecordingRegistry, recordingRegistry } from '../kit/registry.ts';
import { describeReleased } from '../kit/released-program.ts';
import { Repository } from '../kit/repository.ts';
import { bun } from './bun-tool.ts';
import { describeYarn, yarn as yarnBerry } from './yarn-berry-tool.ts';
import { yarn as yarnClassic } from './yarn-classic-tool.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const protocol = ['workspace:*', 'workspace:^', 'workspace:~', 'workspace:^1.0.0', 'workspace:1.2.3'];

interface Manager {
  readonly packageManager: string;
  /** Kinds of range that a dependent may write for a workspace package of version 1.2.3. `../lib` is that package's folder. */
  readonly ranges: readonly string[];
  readonly root?: object;
  readonly files?: Readonly<Record<string, string>>;
  /** Writes the lockfile. */
  readonly lock: (repository: Repository) => void | Promise<void>;
  /** Of packages that are locked, whether a frozen install asks the registry. */
  readonly asksForLocked: boolean;
  readonly suite: (name: string, tests: () => void) => void;
}

const libOf = (ranges: readonly string[], range: string): string => `@internal-to-harbor/lib${ranges.indexOf(range)}`;

/** Releases that are tried always, and those that are with STOWAGE_EVERY_RELEASE=1. */
function releasesOf(always: readonly string[], more: readonly string[]): readonly string[] {
  return [...always, ...(process.env.STOWAGE_EVERY_RELEASE === '1' ? more : [])];
}

const managers: readonly Manager[] = [
  ...releasesOf(['9.15.9', '10.34.9', '12.21.0'], ['8.15.9', '11.28.11']).map(
    (version): Manager => ({
      packageManager: `pnpm@${version}`,
      ranges: [...protocol, '^1.0.0', '1.2.3', '>=1 <2'],
      files: { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\nlinkWorkspacePackages: true\n', '.npmrc': 'link-workspace-packages=true\n' },
      lock: async ({ folder }) => expectLocked(await runPnpm(version, folder, 'install', '--lockfile-only')),
      asksForLocked: true,
      suite: describeReleased,
    }),
  ),
  ...releasesOf(['10.9.9', '11.6.2'], ['12.2.0']).map(
    (version): Manager => ({
      packageManager: `npm@${version}`,
      ranges: ['*', '^1.0.0', '1.2.3', '>=1 <2', 'file:../lib'],
      root: { workspaces: ['packages/*'] },
      lock: (repository) => {
        repository.run('npx', '--yes', `npm@${version}`, 'install', '--package-lock-only');
      },
      asksForLocked: true,
      suite: describe,
    }),
  ),
  {
    packageManager: 'yarn@1.22.22',
    ranges: ['*', '', 'x', '^1.0.0', '~1.2.0', '1.2.3', '>=1 <2', '^0.1.0 || ^1.1.0', 'link:../lib', 'file:../lib'],
    root: { workspaces: ['packages/*'] },
    lock: ({ folder }) => expectLocked(yarnClassic('1.22.22', folder, ['install'])),
    // they come from the address that the lockfile names
    asksForLocked: false,
    suite: describeReleased,
  },
  berry('4.18.1', [
    '*',
    '^1.0.0',
    '~1.2.0',
    '1.2.3',
    '>=1 <2',
    '^0.1.0 || ^1.1.0',
    'npm:^1.0.0',
    'catalog:',
    ...protocol,
    'workspace:packages/lib13',
  ]),
  ...releasesOf([], ['3.8.7']).map((version) =>
    berry(version, ['*', '^1.0.0', '~1.2.0', '1.2.3', '>=1 <2', '^0.1.0 || ^1.1.0', ...protocol, 'workspace:packages/lib11']),
  ),
  ...['1.2.23', '1.3.11', '1.4.5'].map((version): Manager => {
    const ranges = [...protocol, '*', '^1.0.0', '~1.2.0', '1.2.3', '>=1 <2', 'catalog:'];
    return {
      packageManager: `bun@${version}`,
      ranges,
      root: { workspaces: ['packages/*'], catalog: { [libOf(ranges, 'catalog:')]: '^1.1.0' } },
      lock: ({ folder }) => expectLocked(bun(version, folder, ['install', '--lockfile-only'])),
      asksForLocked: true,
      suite: describeReleased,
    };
  }),
];

function berry(version: string, ranges: readonly string[]): Manager {
  const catalog = ranges.includes('catalog:') ? `catalog:\n  "${libOf(ranges, 'catalog:')}": ^1.1.0\n` : '';
  return {
    packageManager: `yarn@${version}`,
    ranges,
    root: { workspaces: ['packages/*'] },
    files: { '.yarnrc.yml': `nodeLinker: node-modules\n${catalog}`, 'yarn.lock': '' },
    lock: ({ folder }) => expectLocked(yarnBerry(version, folder, ['install'])),
    asksForLocked: true,
    suite: (_, tests) => describeYarn(version, tests),
  };
}

function expectLocked({ status, output }: { readonly status: number | null; readonly output: string }): void {
  expect(status, output).toBe(0);
}

for (const manager of managers) {
  manager.suite(manager.packageManager, () => {
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
      const { packageManager, ranges, root, files } = manager;
      const wanted = Object.fromEntries(ranges.map((range, index) => [`@internal-to-harbor/lib${index}`, range.replace('../lib', `../lib${index}`)]));
      repository = Repository.of({
        '.gitignore': 'node_modules\n.yarn\n',
        'package.json': json({ name: 'root', private: true, packageManager, ...root }),
        'packages/app/package.json': json({ name: '@internal-to-harbor/app', version: '0.1.0', dependencies: { ...wanted, once: '1.4.0' } }),
        'packages/other/package.json': json({ name: '@internal-to-harbor/other', version: '3.0.0', dependencies: { ...wanted, ms: '2.1.3' } }),
        ...Object.fromEntries(
          Object.keys(wanted).map((name, index) => [
            `packages/lib${index}/package.json`,
            json({ name, version: '1.2.3', dependencies: { 'is-number': '7.0.0' } }),
          ]),
        ),
        ...files,
      });
      await manager.lock(repository);
      repository.commit('lock');
      const { plan, folder } = await repository.pack('@internal-to-harbor/app');
      expect(plan.closure.build).toEqual(['packages/app', ...ranges.map((_, index) => `packages/lib${index}`).sort()]);
      for (const mode of ['deps', 'prod'] as const) {
        copies.push(await installCopy(join(folder, mode), verifyWords(plan.packageManager, mode), registry.url));
      }
      // npx asks for yarn itself
      const asked = [...registry.asked].filter((name) => name !== 'yarn');
      expect(asked.filter((name) => name.startsWith('@internal-to-harbor'))).toEqual([]);
      if (manager.asksForLocked) expect(asked).toEqual(expect.arrayContaining(['once', 'is-number']));
      else expect(asked).toEqual([]);
      expect(asked).not.toContain('ms');
    });
  });
}
