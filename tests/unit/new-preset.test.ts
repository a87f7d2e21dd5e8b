import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { repository } from '../kit/cli.ts';

let copy: string | undefined;
afterEach(() => copy && rmSync(copy, { recursive: true, force: true }));

it('npm run new:preset starts a preset whose test says what is to be filled in', () => {
  copy = mkdtempSync(join(tmpdir(), 'stowage-preset-'));
  for (const path of ['packages/core/src', 'tests/kit', 'tests/unit/presets/list.test.ts', 'docs/presets.md', 'package.json', 'tsconfig.base.json']) {
    cpSync(join(repository, path), join(copy, path), { recursive: true });
  }
  for (const path of ['node_modules', 'packages/core/node_modules']) symlinkSync(join(repository, path), join(copy, path));
  const start = (id: string) => spawnSync(process.execPath, [join(repository, 'tools/new-preset.mjs'), id, '--in', copy ?? ''], { encoding: 'utf8' });

  expect(start('solid-start')).toMatchObject({ status: 0, stdout: expect.stringContaining('wrote packages/core/src/presets/solid-start/preset.ts') });
  expect(readFileSync(join(copy, 'packages/core/src/presets/list.ts'), 'utf8')).toContain('[\n  solidStart,\n');
  expect(start('solid-start')).toMatchObject({ status: 2, stderr: expect.stringContaining('already') });
  expect(start('Solid')).toMatchObject({ status: 2 });

  const { stdout, status } = spawnSync(
    process.execPath,
    [join(repository, 'node_modules/vitest/vitest.mjs'), 'run', '--root', copy, '--reporter=json'],
    {
      encoding: 'utf8',
    },
  );
  const report: { testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[] } = JSON.parse(stdout);
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  expect(status).toBe(1);
  expect(results.filter(({ status }) => status !== 'passed')).toMatchObject([
    { title: 'runs what its build makes', failureMessages: [expect.stringContaining('fill in "command"')] },
  ]);
  expect(results).toHaveLength(4);
}, 30_000);
