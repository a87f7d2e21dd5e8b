import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packer, readWorkspace, selfContained } from '@stowage/core';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { buildProgram, stowage } from '../kit/cli.ts';
import { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

describeWith(['docker'], "Docker's own check finds nothing", () => {
  let repository: Repository;
  beforeAll(buildProgram);
  afterEach(() => repository.remove());

  /** What it says of each file. */
  function check(command: 'build' | 'bake', ...words: string[]): string[] {
    const { stderr, stdout, status } = spawnSync('docker', ['buildx', command, '--check', ...words], { cwd: repository.folder, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    return (stdout + stderr).match(/^(?:Check complete, .*|WARNING: .*)$/gm) ?? [];
  }

  it.each(['presets', 'pnpm-node-and-vite', 'npm-node-and-vite', 'yarn-berry-node-and-vite', 'bun-node-and-vite'])(
    'in the Dockerfile of each app of examples/%s',
    async (example) => {
      repository = Repository.ofExample(example);
      const { status, stdout, stderr } = await stowage(['bake', '--file', 'stowage.bake.json', '--json'], { cwd: repository.folder });
      expect(status, stderr).toBe(0);
      const found = check('bake', '--file=stowage.bake.json');
      expect(found).toHaveLength(JSON.parse(stdout).apps.length);
      expect(new Set(found)).toEqual(new Set(['Check complete, no warnings found.']));
    },
  );

  it('in one that packs the repository by itself, nor in one of an app that is told all it can be', async () => {
    repository = Repository.ofExample('npm-node-and-vite');
    const all = {
      ...{
        start: 'node dist/server.js',
        beforeStart: 'true',
        port: 80,
        expose: [81],
        env: { A: 'b c' },
        healthcheck: '/',
        labels: { 'a.b': '"c" $d' },
      },
      ...{ buildArgs: { A: '' }, buildEnv: { B: '$A' }, buildSecrets: ['API_TOKEN'], buildCache: ['.cache'], volumes: ['/data'], init: false },
      ...{ systemPackages: ['git'], runtimePackages: ['tzdata'], runtimeInclude: ['../../README.md'], rootScripts: [] },
    };
    repository.write('apps/api/stowage.json', JSON.stringify(all));
    const pack = packer(await readWorkspace(repository.folder));
    for (const app of ['@harbor/api', '@harbor/web']) {
      const plan = await pack(app);
      const { dockerfile } = selfContained(plan, { program: { version: '1.0.0' }, below: '.' });
      const file = join(repository.folder, '.git', 'Dockerfile');
      writeFileSync(file, dockerfile);
      expect(check('build', `--file=${file}`, '.')).toEqual(['Check complete, no warnings found.']);
    }
  });
});
