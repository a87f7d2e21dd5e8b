import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateAction, validateWorkflow } from '@action-validator/core';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { acme as files } from '../kit/acme.ts';
import { bin, buildProgram, repository as home, stowage } from '../kit/cli.ts';
import { FakeDocker } from '../kit/fake-docker.ts';
import { Repository } from '../kit/repository.ts';

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

vi.setConfig({ testTimeout: 60_000 }); // a command starts a dozen programs

let repository: Repository;
let docker: FakeDocker;
let base: string;
beforeAll(buildProgram, 120_000);
beforeEach(() => {
  repository = Repository.of(files);
  base = repository.git('rev-parse', 'HEAD').trim();
  docker = new FakeDocker(join(repository.folder, '.git'));
});
afterEach(() => repository.remove());

const inRepository = (...args: readonly string[]) => stowage(args, { cwd: repository.folder });
const path = (name: string) => join(repository.folder, '.git', name);

/** Runs a step's command as the runner does, expressions replaced; the outputs that it set. */
function runStep(step: Step, values: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  for (const file of ['output', 'summary']) writeFileSync(path(file), '');
  writeFileSync(path('event'), JSON.stringify({ before: base, repository: { default_branch: 'main' } }));
  const replaced = Object.entries(step.env ?? {}).map(([name, value]) => [
    name,
    value.replace(/^\$\{\{ (.*) \}\}$/, (_, expression) => values[expression] ?? ''),
  ]);
  const { GITHUB_EVENT_PATH: _, CI: _ci, ...inherited } = process.env;
  const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? ''], {
    cwd: repository.folder,
    encoding: 'utf8',
    env: {
      ...inherited,
      ...docker.env,
      ...Object.fromEntries(replaced),
      STOWAGE: `${process.execPath} ${bin}`,
      GITHUB_OUTPUT: path('output'),
      GITHUB_STEP_SUMMARY: path('summary'),
      GITHUB_EVENT_PATH: path('event'),
      GITHUB_REPOSITORY: 'Acme/Shop',
      GITHUB_SHA: 'f00',
    },
  });
  expect({ status: result.status, stderr: result.stderr }).toMatchObject({ status: 0 });
  const outputs = readFileSync(path('output'), 'utf8').matchAll(/^(\w+)<<(.*)\n([\s\S]*?)\n\2$/gm);
  return new Map([...outputs].map(([, name = '', , value = '']) => [name, value]));
}

const stepsOf = (steps: readonly Step[], name: string): Step => steps.find((step) => step.id === name || step.name === name) as Step;
const edit = () => {
  repository.edit('apps/api/server.js', (text) => `${text}// edited\n`);
  repository.commit('edited');
};

describe('init', () => {
  test('shows, writes, keeps what is the same, and leaves alone what differs', async () => {
    const shown = await inRepository('init');
    expect(shown.stderr).toContain('version-unreleased');
    expect(shown.stdout).toMatch(
      /^stowage\.json\n {2}\{[\s\S]*\n\.github\/workflows\/stowage\.yml\n[\s\S]*Nothing was written: `stowage init --write` does\.\n$/,
    );
    expect(repository.git('status', '--porcelain')).toBe('');
    const written = await inRepository('init', '--write', '--dockerfile', 'api');
    expect(written.stdout.split('\n')).toEqual([
      ...['wrote stowage.json', 'wrote .github/workflows/stowage.yml', 'wrote apps/api/Dockerfile', 'wrote apps/api/Dockerfile.dockerignore'],
      ...['Next: `docker build --file apps/api/Dockerfile .` in the root builds @acme/api.', ''],
    ]);
    expect((await inRepository('dockerfile', 'api', '--check', 'apps/api/Dockerfile')).status).toBe(0);
    expect((await inRepository('init', '--write', '--dockerfile', 'api')).stdout).not.toContain('wrote');

    repository.edit('.github/workflows/stowage.yml', (text) => `${text}# mine\n`);
    rmSync(join(repository.folder, 'stowage.json'));
    expect(await inRepository('init', '--write')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('error STW2003 .github/workflows/stowage.yml'),
    });
    expect(repository.git('status', '--porcelain', '--untracked-files=all')).not.toContain('stowage.json');
    expect((await inRepository('init', '--write', '--force')).status).toBe(0);
    expect(repository.read('.github/workflows/stowage.yml')).not.toContain('# mine');
  });

  test('writes no second config', async () => {
    repository.write('stowage.config.ts', 'export default {};\n');
    expect((await inRepository('init', '--ci', 'none', '--dockerfile', 'api', '--write')).stdout).not.toContain('stowage.json');
    expect((await inRepository('list')).status).toBe(0);
  });

  test('copies the program into the repository, for Dockerfiles that ask no registry for it', async () => {
    repository.edit('package.json', (text) => text.replace('{', '{ "type": "commonjs",'));
    const vendored = ['init', '--ci', 'none', '--dockerfile', 'api', '--vendor', 'tools/stowage'];
    expect((await inRepository(...vendored)).stdout).toContain('tools/stowage/syntax.mjs\n  (a part of this program)\n');
    expect((await inRepository(...vendored, '--write')).status).toBe(0);
    expect(repository.read('apps/api/Dockerfile')).toContain('node /repository/tools/stowage/bin.mjs prune apps/api --cwd /repository');
    const copy = spawnSync(process.execPath, ['tools/stowage/bin.mjs', 'dockerfile', 'api', '--check', 'apps/api/Dockerfile'], {
      cwd: repository.folder,
      encoding: 'utf8',
    });
    expect(copy).toMatchObject({ status: 0, stderr: '' });
    const again = ['tools/stowage/bin.mjs', ...vendored, '--ci', 'github'];
    const kept = spawnSync(process.execPath, again, { cwd: repository.folder, encoding: 'utf8' });
    expect(kept.stdout).toContain('tools/stowage/core.mjs is there\n');
    expect(kept.stdout).toContain('STOWAGE: node tools/stowage/bin.mjs\n');
    expect((await inRepository(...vendored.slice(0, -1), '..')).status).toBe(2);
  });
});

describe('GitHub Actions', () => {
  test('the workflow and the action are what their schemas say', async () => {
    await inRepository('init', '--write', '--ci', 'github');
    expect(validateWorkflow(repository.read('.github/workflows/stowage.yml'))).toMatchObject({ errors: [] });
    expect(validateAction(readFileSync(join(home, 'action.yml'), 'utf8'))).toMatchObject({ errors: [] });
  });

  test("the action's commands set its outputs", () => {
    const { runs, outputs } = parse(readFileSync(join(home, 'action.yml'), 'utf8'));
    expect(Object.keys(outputs)).toEqual(['matrix', 'any', 'count', 'chunks', 'images']);
    const inputs = {
      'inputs.on-unknown-base': 'fail',
      'inputs.push': 'true',
      'inputs.tags': 'r.example/{app}:1\nr.example/{app}:2',
      'inputs.cache': 'r/c',
    };
    const affected = stepsOf(runs.steps, 'affected');
    const build = stepsOf(runs.steps, 'build');

    expect(Object.fromEntries(runStep(affected, inputs))).toMatchObject({ any: 'false', count: '0', matrix: '{"include":[]}' });
    expect(Object.fromEntries(runStep(build, inputs))).toEqual({ images: '[]' });
    expect(docker.built).toBeUndefined();

    edit();
    const found = runStep(affected, inputs);
    expect(JSON.parse(found.get('matrix') ?? '')).toMatchObject({ include: [{ name: '@acme/api', app: 'apps/api', target: 'acme-api' }] });
    expect([found.get('any'), found.get('count')]).toEqual(['true', '1']);
    expect(readFileSync(path('summary'), 'utf8')).toMatch(/^### Affected images: 1 of 1\n/);
    const built = runStep(build, { ...inputs, 'inputs.arguments': '--label=a=b c\n--provenance=false' });
    expect(JSON.parse(built.get('images') ?? '')).toMatchObject([{ name: '@acme/api', ref: 'r.example/acme-api:1' }]);
    expect(docker.built?.file.target['acme-api']).toMatchObject({ labels: { a: 'b c' }, attest: ['type=provenance,disabled=true'] });
  });

  test("the workflow's commands build what the matrix names", async () => {
    edit();
    await inRepository('init', '--write', '--ci', 'github');
    const { jobs } = parse(repository.read('.github/workflows/stowage.yml'));
    const outputs = runStep(stepsOf(jobs.plan.steps, 'affected'));
    expect(readFileSync(path('summary'), 'utf8').match(/^### Affected images: 1 of 1$/gm)).toHaveLength(1);
    const [entry] = JSON.parse(outputs.get('matrix') ?? '').include;
    runStep(stepsOf(jobs.image.steps, 'build'), { 'matrix.app': entry.app, "github.event_name == 'push' && '--push' || ''": '--push' });
    expect(docker.built?.words).toContain('--push');
    expect(docker.built?.file.target['acme-api']).toMatchObject({
      tags: ['ghcr.io/acme/shop/acme-api:f00', expect.stringMatching(/^ghcr\.io\/acme\/shop\/acme-api:stowage-/)],
      'cache-to': ['type=gha,scope=acme-api,mode=max'],
    });
    const results = (text: string) => spawnSync('bash', ['-c', jobs.images.steps[0].run], { env: { RESULTS: text } }).status;
    expect(['success, skipped', 'success, success', 'success, failure', 'cancelled'].map(results)).toEqual([0, 0, 1, 1]);
  });
});

describe('GitLab', () => {
  /** The names of the jobs of a pipeline, as a program that runs pipelines reads them; it checks GitLab's schema. */
  const jobsOf = (file: string): string[] => {
    const program = join(home, 'node_modules/.bin/gitlab-ci-local');
    const csv = execFileSync(program, ['--file', file, '--list-csv'], {
      cwd: repository.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return csv
      .trim()
      .split('\n')
      .slice(1)
      .flatMap((line) => line.split(';')[0] ?? []);
  };

  test('the pipeline finds what is affected, and its child builds it', async () => {
    repository.git('remote', 'add', 'origin', 'git@gitlab.example.invalid:acme/shop.git');
    await inRepository('init', '--write', '--ci', 'gitlab');
    edit();
    const [script = ''] = parse(repository.read('.gitlab/stowage-plan.yml'))['plan-images'].script;
    runStep({ run: script.replace(/^npx --yes stowage@\S+/, '$STOWAGE') });
    repository.commit('child');
    expect(jobsOf('.gitlab-ci.yml')).toEqual(['plan-images', 'images']);
    expect(jobsOf('affected-images.yml')).toEqual(['build acme-api']);
    const [build = ''] = parse(repository.read('.gitlab/stowage.yml'))['.stowage'].script;
    const registry = { CI_REGISTRY_IMAGE: 'r.example/shop', CI_COMMIT_SHA: 'f00', STOWAGE_APP: 'apps/api' };
    runStep({ run: build.replace(/^npx --yes stowage@\S+/, '$STOWAGE'), env: registry });
    expect(docker.built?.file.target['acme-api']?.tags?.[0]).toBe('r.example/shop/acme-api:f00');
    expect(JSON.parse(repository.read('images.json'))).toMatchObject([{ name: '@acme/api' }]);
  });
});
