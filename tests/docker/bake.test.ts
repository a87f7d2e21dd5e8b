import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acme } from '../kit/acme.ts';
import { buildProgram, type Run, type RunOptions, stowage } from '../kit/cli.ts';
import { asOfThisRun, parseRecord, type Step } from '../kit/engine.ts';
import { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';
import { Wire } from '../kit/wire.ts';

const run = promisify(execFile);
const thisRun = randomUUID().slice(0, 8);
const second = process.env.STOWAGE_SECOND_ENGINE ?? '';
const registry = process.env.STOWAGE_REGISTRY ?? '';
const images = `${registry}/stowage-test-${thisRun}`;

/** Two apps that both use a package, whose builds take a while and are of this run. */
const files = {
  ...acme,
  'pnpm-lock.yaml': acme['pnpm-lock.yaml'].replace(
    '  packages/lib: {}',
    "  apps/web:\n    dependencies:\n      '@acme/lib':\n        specifier: workspace:*\n        version: link:../../packages/lib\n\n  packages/lib: {}",
  ),
  ...Object.fromEntries(
    ['api', 'web'].flatMap((name) => [
      [
        `apps/${name}/package.json`,
        JSON.stringify({
          name: `@acme/${name}`,
          version: '1.0.0',
          type: 'module',
          scripts: { start: 'node server.js', build: `echo building-${name}-${thisRun} && sleep 4 && mkdir -p dist && echo ${name} > dist/out` },
          dependencies: { '@acme/lib': 'workspace:*' },
        }),
      ],
      [`apps/${name}/server.js`, acme['apps/api/server.js']],
    ]),
  ),
};

let repository: Repository;
const inRepository = (args: readonly string[], env: Readonly<Record<string, string>> = {}, more: RunOptions = {}): Promise<Run> =>
  stowage(args, { cwd: repository.folder, env, ...more });

/** Bakes the file in the repository's folder, with nothing allowed to it; BuildKit's record. */
async function bake(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Step[]> {
  const args = ['buildx', 'bake', '--file=stowage.bake.json', '--progress=rawjson', ...words];
  const { stderr } = await run('docker', args, { cwd: repository.folder, env: { ...process.env, ...env }, maxBuffer: 1 << 28 });
  return parseRecord(stderr);
}

const commands = (steps: readonly Step[]): Step[] => steps.filter(({ name }) => /\] RUN /.test(name));

/** Writes the bake file, the stages of its folders made those of this run. */
async function writeBakeFile(env: Readonly<Record<string, string>> = {}): Promise<void> {
  const args = ['bake', '--tag', `${images}/{app}:1`, '--cache', `${images}/cache`, '--file', 'stowage.bake.json'];
  expect(await inRepository(args, env)).toMatchObject({ status: 0 });
  for (const name of ['acme-api', 'acme-web']) repository.edit(`out/${name}/Dockerfile`, asOfThisRun);
}

beforeAll(async () => {
  await buildProgram();
  repository = Repository.of(files);
});
afterAll(() => repository?.remove());

describeWith(['docker'], 'a bake file', () => {
  it('is valid, asks for nothing, and does common work once', async () => {
    expect(await inRepository(['bake', '--tag', `stowage-test-${thisRun}/{app}`, '--file', 'stowage.bake.json'])).toMatchObject({ status: 0 });
    for (const name of ['acme-api', 'acme-web']) repository.edit(`out/${name}/Dockerfile`, asOfThisRun);
    const { stderr } = await run('docker', ['buildx', 'bake', '--file=stowage.bake.json', '--check'], { cwd: repository.folder });
    expect(stderr).not.toMatch(/WARNING/i);
    const steps = await bake([]);
    expect(commands(steps).filter(({ name }) => name.includes('building'))).toHaveLength(0);
    // the package manager is set up once for both, though each names it in a Dockerfile of its own
    expect(commands(steps).filter(({ name }) => /\bbase \d/.test(name))).toHaveLength(1);
    expect(commands(steps).filter(({ name }) => /\bbuild \d/.test(name))).toHaveLength(2);
  });
});

describeWith(['docker', 'registry', 'second-engine'], 'two machines', () => {
  const there = { DOCKER_HOST: second };

  beforeAll(async () => {
    await run('sh', ['-c', `docker save node:22-slim node:24-slim | DOCKER_HOST=${second} docker load`]);
  });

  it('share their caches; what both build at the same time does not spoil it', async () => {
    await writeBakeFile({ GITHUB_HEAD_REF: 'main' });
    await Promise.all([bake(['acme-api', '--push']), bake(['acme-web', '--push'], there)]);
    const [web, api] = await Promise.all([bake(['acme-web', '--push']), bake(['acme-api', '--push'], there)]);
    for (const steps of [web, api]) {
      expect(commands(steps).length).toBeGreaterThan(2);
      expect(commands(steps).filter(({ cached }) => !cached)).toEqual([]);
    }
    // another branch starts from the default branch's cache, and writes one of its own
    await writeBakeFile({ GITHUB_HEAD_REF: 'topic', GITHUB_BASE_REF: 'main' });
    const target = JSON.parse(repository.read('stowage.bake.json')).target['acme-api'];
    expect(target['cache-from']).toEqual(['topic', 'main'].map((branch) => `type=registry,ref=${images}/cache:acme-api-${branch}`));
    expect(target['cache-to']).toEqual([`type=registry,ref=${images}/cache:acme-api-topic,mode=max`]);
  });

  it('the same content is built and pushed once', async () => {
    const args = ['build', 'api', '--push', '--json', '--tag'];
    const first = JSON.parse((await inRepository([...args, `${images}/{app}:first`])).stdout).apps[0];
    expect(first).toMatchObject({ reused: false, ref: `${images}/acme-api@${first.digest}` });
    const again = JSON.parse((await inRepository([...args, `${images}/{app}:again`], there)).stdout).apps[0];
    expect(again).toMatchObject({ reused: true, digest: first.digest, identity: first.identity });
    const { stdout } = await run('docker', ['buildx', 'imagetools', 'inspect', '--format={{json .Manifest}}', `${images}/acme-api:again`]);
    expect(JSON.parse(stdout).digest).toBe(first.digest);
  });
});

describeWith(['docker', 'registry'], 'a machine that dies in mid-build', () => {
  const marker = `building-api-${thisRun}`;

  it.each(['engine', 'registry'] as const)('%s: status 4 and what to do; the next run is well', async (machine) => {
    repository.edit('apps/api/server.js', (text) => `${text}// ${machine}\n`);
    const start = () => Wire.start(machine === 'engine' ? '/var/run/docker.sock' : Number(registry.split(':')[1]));
    const wire = await start();
    const command = (port: number) => {
      const at = machine === 'engine' ? registry : `127.0.0.1:${port}`;
      return ['build', 'api', '--push', '--log-level', 'debug', '--tag', `${at}/stowage-test-${thisRun}/dying:1`];
    };
    const env = (port: number) => (machine === 'engine' ? { DOCKER_HOST: `tcp://127.0.0.1:${port}` } : {}) as Record<string, string>;
    const dying = inRepository(command(wire.port), env(wire.port), { onStderr: (text) => text.includes(`${marker}\n`) && wire.cut() });
    const { status, stderr } = await dying;
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: expect.stringMatching(/error STW4002[\s\S]*run the same command again|No Docker engine answers/),
    });
    const next = await start();
    expect(await inRepository(command(next.port), env(next.port))).toMatchObject({ status: 0 });
    next.cut();
  });
});
