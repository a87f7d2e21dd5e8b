import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyWords } from '../../packages/core/src/run/verify-install.ts';
import { installCopy, removeFolder } from '../kit/install.ts';
import { type RecordingRegistry, recordingRegistry } from '../kit/registry.ts';
import { Repository } from '../kit/repository.ts';
import { describeYarn, yarn } from './yarn-berry-tool.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const version = '4.18.1';
/** Kinds of range that a dependent may write for a workspace package of version 1.2.3. */
const ranges = [
  ...['*', '^1.0.0', '~1.2.0', '1.2.3', '>=1 <2', '^0.1.0 || ^1.1.0', 'npm:^1.0.0', 'catalog:'],
  ...['workspace:*', 'workspace:^', 'workspace:~', 'workspace:^1.0.0', 'workspace:1.2.3', 'workspace:packages/lib13'],
];

describeYarn(version, () => {
  let registry: RecordingRegistry;
  const copies: string[] = [];
  beforeEach(async () => {
    registry = await recordingRegistry();
  });
  afterEach(async () => {
    await registry.close();
    for (const copy of copies.splice(0)) removeFolder(copy);
  });

  it('asks no registry for a workspace package, however its range is written', async () => {
    const wanted = Object.fromEntries(ranges.map((range, index) => [`@internal-to-harbor/lib${index}`, range]));
    const repository = Repository.of({
      '.gitignore': 'node_modules\n.yarn\n',
      '.yarnrc.yml': `nodeLinker: node-modules\ncatalog:\n  "@internal-to-harbor/lib${ranges.indexOf('catalog:')}": ^1.1.0\n`,
      'yarn.lock': '',
      'package.json': json({ name: 'root', private: true, packageManager: `yarn@${version}`, workspaces: ['packages/*'] }),
      'packages/app/package.json': json({ name: '@internal-to-harbor/app', version: '0.1.0', dependencies: { ...wanted, once: '1.4.0' } }),
      'packages/other/package.json': json({ name: '@internal-to-harbor/other', version: '3.0.0', dependencies: { ...wanted, ms: '2.1.3' } }),
      ...Object.fromEntries(
        Object.keys(wanted).map((name, index) => [
          `packages/lib${index}/package.json`,
          json({ name, version: '1.2.3', dependencies: { 'is-number': '7.0.0' } }),
        ]),
      ),
    });
    try {
      const installed = yarn(version, repository.folder, ['install']);
      expect(installed.status, installed.output).toBe(0);
      repository.commit('lock');
      const { plan, folder } = await repository.pack('@internal-to-harbor/app');
      expect(plan.closure.build).toEqual(['packages/app', ...ranges.map((_, index) => `packages/lib${index}`).sort()]);
      for (const mode of ['deps', 'prod'] as const) {
        copies.push(await installCopy(join(folder, mode), verifyWords(plan.packageManager, mode), registry.url));
      }
      expect([...registry.asked].filter((name) => name.startsWith('@internal-to-harbor'))).toEqual([]);
      expect([...registry.asked]).toEqual(expect.arrayContaining(['once', 'is-number']));
      expect([...registry.asked]).not.toContain('ms');
    } finally {
      repository.remove();
    }
  });
});
