import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack, readWorkspace } from '@stowage/core';
import { afterAll, expect, it } from 'vitest';
import { describeReleased } from '../kit/released-program.ts';
import { Repository } from '../kit/repository.ts';
import { scenarios } from './yarn-classic-scenarios.ts';
import { refusal, yarn } from './yarn-classic-tool.ts';

const version = '1.22.22';
const repositories: Repository[] = [];

describeReleased(`yarn@${version}`, () => {
  afterAll(() => {
    for (const repository of repositories) repository.remove();
  });

  for (const scenario of scenarios) {
    it(scenario.name, async () => {
      const repository = Repository.of({ '.gitignore': 'node_modules\n', ...scenario.files });
      repositories.push(repository);
      for (const [program, ...args] of scenario.prepare ?? []) execFileSync(program as string, args, { cwd: repository.folder });
      const installed = yarn(version, repository.folder, ['install']);
      expect(installed.status, installed.output).toBe(0);
      repository.edit('package.json', (text) => JSON.stringify({ ...JSON.parse(text), packageManager: `yarn@${version}` }));
      repository.commit('install');
      const { folder } = await repository.pack('app');
      const versionAt = (copy: string) => (path: string) =>
        existsSync(join(copy, path)) ? JSON.parse(readFileSync(join(copy, path), 'utf8')).version : undefined;
      for (const mode of ['deps', 'prod'] as const) {
        const inspect = mode === 'deps' ? (copy: string) => scenario.installed?.(versionAt(copy)) : undefined;
        expect(refusal(version, join(folder, mode), mode, inspect), mode).toBeUndefined();
      }
      scenario.check?.((path) => readFileSync(join(folder, path), 'utf8'));
      await expectSameAgain(join(folder, 'deps'));
    });
  }
});

/** Packing what was packed gives the same lockfile. */
async function expectSameAgain(folder: string): Promise<void> {
  const plan = await pack(await readWorkspace(folder), 'app');
  const again = plan.files.find(({ path }) => path === 'deps/yarn.lock');
  expect(again !== undefined && 'text' in again ? again.text : undefined).toBe(readFileSync(join(folder, 'yarn.lock'), 'utf8'));
}
