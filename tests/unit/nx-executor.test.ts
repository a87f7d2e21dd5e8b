import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { TargetConfiguration } from '@nx/devkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import runDocker, { type DockerExecutorOptions } from '../../packages/nx-plugin/src/executors/docker/executor.ts';
import runPrune, { type PruneExecutorOptions } from '../../packages/nx-plugin/src/executors/prune/executor.ts';
import runImage, { type RunExecutorOptions } from '../../packages/nx-plugin/src/executors/run/executor.ts';
import { acme as files } from '../kit/acme.ts';
import { layOut, repository } from '../kit/cli.ts';
import { FakeDocker } from '../kit/fake-docker.ts';

let acme: ReturnType<typeof layOut>;
let docker: FakeDocker;
let said: string[];
beforeEach(() => {
  acme = layOut(files);
  said = [];
  for (const level of ['error', 'warn', 'info'] as const) vi.spyOn(console, level).mockImplementation((text) => void said.push(String(text)));
  useDocker();
});
afterEach(() => {
  acme.remove();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function useDocker(answers: ConstructorParameters<typeof FakeDocker>[1] = {}): void {
  docker = new FakeDocker(acme.folder, answers);
  for (const [name, value] of Object.entries(docker.env)) vi.stubEnv(name, value);
}

/** As Nx calls it for the project `api`. */
function context(targets: Readonly<Record<string, TargetConfiguration>> = {}) {
  return {
    root: acme.folder,
    cwd: acme.folder,
    isVerbose: false,
    projectName: 'api',
    projectsConfigurations: { version: 2, projects: { api: { root: 'apps/api', targets } } },
    nxJsonConfiguration: {},
    projectGraph: { nodes: {}, dependencies: {} },
  } satisfies Parameters<typeof runDocker>[1];
}

function run(options: DockerExecutorOptions): Promise<{ success: boolean }> {
  return runDocker(options, context());
}

test("builds the project's image, named after its package", async () => {
  expect(await run({})).toEqual({ success: true });
  expect(docker.built).toMatchObject({ words: expect.arrayContaining(['--load']), file: { target: { 'acme-api': { tags: ['acme-api'] } } } });
});

test('options: tag, push, platform, output', async () => {
  expect(await run({ tag: ['one', 'two'], push: true, platform: 'linux/arm64', output: 'dist/api-image' })).toEqual({ success: true });
  expect(docker.built?.words).toContain('--push');
  expect(docker.built?.file.target['acme-api']).toMatchObject({
    context: join(acme.folder, 'dist/api-image'),
    tags: ['one', 'two', expect.stringMatching(/^one:stowage-[0-9a-f]{16}$/), expect.stringMatching(/^two:stowage-/)],
    platforms: ['linux/arm64'],
  });
  expect(readFileSync(join(acme.folder, 'dist/api-image/Dockerfile'), 'utf8')).toContain('FROM ');
});

test('what a person can mend is told, and fails the task', async () => {
  expect(await run({ tag: 'acme/{projectNam}' })).toEqual({ success: false });
  expect(stripVTControlCharacters(said.join('\n'))).toMatch(/^STW2000 The tag "acme\/\{projectNam\}" .*\nDid you mean projectName/m);
  expect(docker.built).toBeUndefined();
});

test('a build that fails fails the task, with what docker said', async () => {
  useDocker({ bake: 'echo "ERROR: no space left on device" >&2; exit 1' });
  expect(await run({})).toEqual({ success: false });
  expect(said[0]).toContain('Building acme-api (`--verbose` shows the steps)');
  expect(said.join('\n')).toContain('ERROR: no space left on device');
});

test('tokens in tags and labels', async () => {
  vi.stubEnv('BUILD', '7');
  expect(await run({ tag: 'acme/{projectName}:{env.BUILD}', label: 'source={projectRoot}', builder: 'far', cache: 'type=gha' })).toEqual({
    success: true,
  });
  expect(docker.built).toMatchObject({
    words: expect.arrayContaining(['--builder=far']),
    file: {
      target: {
        'acme-api': { tags: ['acme/api:7'], labels: { source: 'apps/api' }, 'cache-to': ['type=gha,scope=acme-api,mode=max'] },
      },
    },
  });
});

test('further words are those of docker buildx build', async () => {
  expect(await run({ args: ['--build-arg=VERSION=7', '--no-cache', '--metadata-file=made.json'] })).toEqual({ success: true });
  expect(docker.built).toMatchObject({
    words: expect.arrayContaining(['--metadata-file=made.json']),
    file: { target: { 'acme-api': { args: { VERSION: '7' }, 'no-cache': true } } },
  });
});

test('prune writes the folder, by default where the command line would', async () => {
  expect(await runPrune({}, context())).toEqual({ success: true });
  expect(readFileSync(join(acme.folder, 'out/acme-api/Dockerfile'), 'utf8')).toContain('FROM ');
});

test('run starts the image under the first name that its build gives it, with the ports that it exposes', async () => {
  useDocker({ other: `case "$*" in "image inspect"*) echo '{"3000/tcp":{},"53/udp":{}}' ;; esac` });
  const build = { executor: '@stowage/nx:docker', options: { tag: ['{imageRef}:one', 'two'] } };
  expect(await runImage({ env: { A: '1' }, args: ['--detach'] }, context({ image: build }))).toEqual({ success: true });
  const words = ['run', '--rm', '--publish=3000:3000', '--publish=53:53/udp', '--env=A=1', '--detach', 'apps-api:one'];
  expect(docker.called('run')).toEqual([words]);
});

test('the options of each schema are those of the code', () => {
  const keysOf = (executor: string) =>
    Object.keys(JSON.parse(readFileSync(join(repository, `packages/nx-plugin/src/executors/${executor}/schema.json`), 'utf8')).properties);
  const docker: Required<DockerExecutorOptions> = { tag: '', label: '', push: true, platform: '', builder: '', cache: '', output: '', args: [] };
  const prune: Required<PruneExecutorOptions> = { output: '', verify: true };
  const run: Required<RunExecutorOptions> = { tag: '', publish: [], env: {}, args: [] };
  expect(keysOf('docker')).toEqual(Object.keys(docker));
  expect(keysOf('prune')).toEqual(Object.keys(prune));
  expect(keysOf('run')).toEqual(Object.keys(run));
});
