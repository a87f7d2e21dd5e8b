import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack, readWorkspace } from '@stowage/core';
import { afterAll, expect, it } from 'vitest';
import { describeReleased } from '../kit/released-program.ts';
import { Repository } from '../kit/repository.ts';
import { scenarios } from './bun-scenarios.ts';
import { bun, refusal } from './bun-tool.ts';

for (const version of ['1.1.45', '1.2.23', '1.3.11', '1.4.5']) {
  const repositories: Repository[] = [];
  describeReleased(`bun@${version}`, () => {
    afterAll(() => {
      for (const repository of repositories) repository.remove();
    });
    for (const scenario of scenarios.filter(({ since }) => reaches(version, since))) {
      it(scenario.name, async () => {
        const repository = Repository.of({ '.gitignore': 'node_modules\n', ...scenario.files });
        repositories.push(repository);
        for (const [program, ...args] of scenario.prepare ?? []) execFileSync(program as string, args, { cwd: repository.folder });
        const installed = bun(version, repository.folder, ['install', '--lockfile-only', '--save-text-lockfile']);
        expect(installed.status, installed.output).toBe(0);
        repository.edit('package.json', (text) => JSON.stringify({ ...JSON.parse(text), packageManager: `bun@${version}` }));
        repository.commit('install');
        const { folder } = await repository.pack('app');
        const whole = repository.read('bun.lock');
        for (const mode of ['deps', 'prod'] as const) {
          const inspect = mode === 'deps' ? (copy: string) => scenario.installed?.(versionIn(copy)) : undefined;
          const pruned = readFileSync(join(folder, mode, 'bun.lock'), 'utf8');
          // Before 1.2 bun does not settle on one form of its own lockfiles.
          const sources = [...(reaches(version, '1.2.0') ? [pruned] : []), ...(reaches(version, scenario.settledSince ?? '1.2.0') ? [whole] : [])];
          expect(refusal(version, join(folder, mode), mode, sources, inspect), mode).toBeUndefined();
        }
        scenario.check?.((path) => readFileSync(join(folder, path), 'utf8'));
        await expectSameAgain(join(folder, 'deps'));
      });
    }
  });
}

function reaches(version: string, since = '0'): boolean {
  return version.localeCompare(since, 'en', { numeric: true }) >= 0;
}

function versionIn(copy: string): (path: string) => string | undefined {
  return (path) => (existsSync(join(copy, path)) ? JSON.parse(readFileSync(join(copy, path), 'utf8')).version : undefined);
}

/** Packing what was packed gives the same lockfile. */
async function expectSameAgain(folder: string): Promise<void> {
  const plan = await pack(await readWorkspace(folder), 'app');
  const again = plan.files.find(({ path }) => path === 'deps/bun.lock');
  expect(again !== undefined && 'text' in again ? again.text : undefined).toBe(readFileSync(join(folder, 'bun.lock'), 'utf8'));
}
