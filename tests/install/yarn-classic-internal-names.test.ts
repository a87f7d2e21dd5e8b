import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyWords } from '../../packages/core/src/run/verify-install.ts';
import { installCopy, removeFolder } from '../kit/install.ts';
import { type RecordingRegistry, recordingRegistry } from '../kit/registry.ts';
import { describeReleased } from '../kit/released-program.ts';
import { Repository } from '../kit/repository.ts';
import { yarn } from './yarn-classic-tool.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
/** Kinds of range that a dependent may write for a workspace package of version 1.2.3. */
const ranges = ['*', '', 'x', '^1.0.0', '~1.2.0', '1.2.3', '>=1 <2', '^0.1.0 || ^1.1.0', 'link:../lib', 'file:../lib'];

describeReleased('yarn@1.22.22', () => {
  let registry: RecordingRegistry;
  const copies: string[] = [];
  beforeEach(async () => {
    registry = await recordingRegistry();
  });
  afterEach(async () => {
    await registry.close();
    for (const copy of copies.splice(0)) removeFolder(copy);
  });

  describe('with workspace packages in all kinds of range', () => {
    it('asks no registry for them', async () => {
      const wanted = Object.fromEntries(ranges.map((range, index) => [`@internal-to-harbor/lib${index}`, range.replace('../lib', `../lib${index}`)]));
      const repository = Repository.of({
        '.gitignore': 'node_modules\n',
        'package.json': json({ name: 'root', private: true, packageManager: 'yarn@1.22.22', workspaces: ['packages/*'] }),
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
        const installed = yarn('1.22.22', repository.folder, ['install']);
        expect(installed.status, installed.output).toBe(0);
        repository.commit('lock');
        const { plan, folder } = await repository.pack('@internal-to-harbor/app');
        expect(plan.closure.build).toEqual(['packages/app', ...ranges.map((_, index) => `packages/lib${index}`)]);
        for (const mode of ['deps', 'prod'] as const) {
          copies.push(await installCopy(join(folder, mode), verifyWords(plan.packageManager, mode), registry.url));
        }
        // Locked packages come from the address that the lockfile names; whatever it does not hold is asked of the registry.
        expect([...registry.asked].filter((name) => name !== 'yarn')).toEqual([]);
      } finally {
        repository.remove();
      }
    });
  });
});
