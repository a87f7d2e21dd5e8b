import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bin, buildProgram, stowage } from '../kit/cli.ts';
import { asOfThisRun, build, Container, recordOf, stageOf } from '../kit/engine.ts';
import { registryOf } from '../kit/registry.ts';
import { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

describeWith(['docker'], 'a Dockerfile that packs the repository by itself', () => {
  let repository: Repository;
  beforeAll(async () => {
    await buildProgram();
    repository = Repository.ofExample('pnpm-node-and-vite');
    // the program runs whatever the repository says its own files are
    repository.edit('package.json', (text) => text.replace('{', '{ "type": "commonjs",'));
    const args = ['init', '--ci', 'none', '--dockerfile', 'api', '--vendor', 'tools/stowage', '--write'];
    const { status, stderr } = await stowage(args, { cwd: repository.folder });
    expect(status, stderr).toBe(0);
    repository.edit('apps/api/Dockerfile', asOfThisRun);
    repository.commit('a Dockerfile of its own');
  });
  afterAll(() => repository?.remove());

  const rebuild = () => build(repository.folder, 'stowage-test/self-contained', `--file=${join(repository.folder, 'apps/api/Dockerfile')}`);

  it('builds with docker build alone, and answers', async () => {
    await rebuild();
    const container = Container.start('stowage-test/self-contained', 3000);
    expect(await (await container.get('/health')).text()).toBe('ok');
    container.stop();
  });

  it('packs with the program of a registry just so', async () => {
    const registry = await registryOf(join(bin, '../..'));
    const { status, stdout } = await stowage(['dockerfile', 'api', '--self-contained', '--quiet'], { cwd: repository.folder });
    expect(status).toBe(0);
    const asked = stdout.replace('RUN npm install', `RUN npm_config_registry=${registry.url} npm install`);
    const [file, packed] = ['registry.Dockerfile', 'packed'].map((name) => join(repository.folder, '.git', name)) as [string, string];
    writeFileSync(file, `${asked}\nFROM scratch AS packed\nCOPY --from=stowage /out /\n`);
    await recordOf(`--file=${file}`, '--network=host', '--target=packed', `--output=type=local,dest=${packed}`, repository.folder);
    await registry.close();
    const { folder } = await repository.pack('@harbor/api');
    expect(execFileSync('diff', ['-r', folder, packed], { encoding: 'utf8' })).toBe('');
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
