import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { pack, programInWorkspace, readWorkspace, selfContained } from '@stowage/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bin, buildProgram } from '../kit/cli.ts';
import { asOfThisRun, build, Container, stageOf } from '../kit/engine.ts';
import { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

describeWith(['docker'], 'a Dockerfile that packs the repository by itself', () => {
  let repository: Repository;
  beforeAll(async () => {
    await buildProgram();
    repository = Repository.ofExample('pnpm-node-and-vite');
    cpSync(join(bin, '..'), join(repository.folder, 'tools/stowage'), { recursive: true });
    const plan = await pack(await readWorkspace(repository.folder), '@harbor/api');
    const { dockerfile, dockerignore } = selfContained(plan, { program: programInWorkspace('tools/stowage/bin.js', '.'), below: '.' });
    repository.write('api.Dockerfile', asOfThisRun(dockerfile));
    repository.write('api.Dockerfile.dockerignore', dockerignore);
    repository.commit('a Dockerfile of its own');
  });
  afterAll(() => repository?.remove());

  const rebuild = () => build(repository.folder, 'stowage-test/self-contained', `--file=${join(repository.folder, 'api.Dockerfile')}`);

  it('builds with docker build alone, and answers', async () => {
    await rebuild();
    const container = Container.start('stowage-test/self-contained', 3000);
    expect(await (await container.get('/health')).text()).toBe('ok');
    container.stop();
  });

  it('packs again after an edit of a source, and keeps the installs', async () => {
    repository.edit('apps/api/src/server.ts', (text) => `${text}// edited\n`);
    const steps = await rebuild();
    expect(['stowage', 'deps', 'prod-deps', 'build'].map((stage) => stageOf(steps, stage))).toEqual(['ran', 'cached', 'cached', 'ran']);
  });

  it('keeps everything but the packing where another app changes', async () => {
    repository.commit('edited');
    await rebuild();
    repository.edit('apps/worker/src/worker.js', (text) => `${text}// edited\n`);
    const steps = await rebuild();
    expect(['stowage', 'deps', 'prod-deps', 'build', 'output'].map((stage) => stageOf(steps, stage))).toEqual([
      'ran',
      'cached',
      'cached',
      'cached',
      'cached',
    ]);
  });
});
