import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { Context } from '../../../packages/cli/src/command.ts';
import { type AffectedOptions, affected } from '../../../packages/cli/src/commands/affected.ts';
import { prune } from '../../../packages/cli/src/commands/prune.ts';
import { why } from '../../../packages/cli/src/commands/why.ts';
import { failureOf } from '../../../packages/cli/src/failure.ts';
import { Reporter } from '../../../packages/cli/src/reporter.ts';
import { acme } from '../../kit/acme.ts';
import { Repository } from '../../kit/repository.ts';

const lockfile = acme['pnpm-lock.yaml'].replace(
  '  packages/lib: {}\n',
  `  packages/lib:
    dependencies:
      debug:
        specifier: ^4.0.0
        version: 4.3.4

packages:

  debug@4.3.4:
    resolution: {integrity: sha512-debug}

  ms@2.1.2:
    resolution: {integrity: sha512-ms}

snapshots:

  debug@4.3.4:
    dependencies:
      ms: 2.1.2

  ms@2.1.2: {}
`,
);
const library = '{ "name": "@acme/lib", "version": "1.0.0", "type": "module", "exports": "./index.js", "dependencies": { "debug": "^4.0.0" } }\n';

const temporary = mkdtempSync(join(tmpdir(), 'stowage-commands-'));
let repository: Repository;
let printed: MockInstance<typeof process.stderr.write>;
const errors = () => printed.mock.calls.map(([text]) => text).join('');
const context = (): Context => ({
  cwd: repository.folder,
  reporter: new Reporter({ json: false, quiet: false, logLevel: 'info' }),
  signal: new AbortController().signal,
});
const affectedText = async (options: AffectedOptions) => (await affected(context(), options)).text;
const bumpMs = () => repository.edit('pnpm-lock.yaml', (text) => text.replaceAll('2.1.2', '2.1.3'));

beforeAll(() => {
  repository = Repository.of({ ...acme, 'pnpm-lock.yaml': lockfile, 'packages/lib/package.json': library });
  repository.git('remote', 'add', 'origin', join(temporary, 'none.git'));
});
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (/^(CI|CI_.*|GITHUB_.*|GITLAB_CI|FORCE_COLOR)$/.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv('NO_COLOR', '1');
  printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  printed.mockRestore();
  vi.unstubAllEnvs();
  repository.restore();
});
afterAll(() => {
  repository.remove();
  rmSync(temporary, { recursive: true, force: true });
});

describe('affected', () => {
  it('each format of an affected app', async () => {
    bumpMs();
    const reason = 'ms 2.1.2 -> 2.1.3, needed by @acme/api > @acme/lib > debug';
    expect(await affectedText({ base: 'HEAD' })).toBe(`@acme/api  ${reason}\n`);
    expect(await affectedText({ base: 'HEAD', format: 'names' })).toBe('@acme/api\n');
    expect(await affectedText({ base: 'HEAD', format: 'bake' })).toBe('acme-api\n');
    expect(await affectedText({ base: 'HEAD', format: 'gitlab' })).toContain('local: ".gitlab/stowage.yml"');
    expect(await affectedText({ base: 'HEAD', format: 'markdown' })).toMatch(
      /^### Affected images: 1 of 1\n\nCompared with [0-9a-f]{12} \(--base HEAD\)\./,
    );
    const { json } = await affected(context(), { base: 'HEAD' });
    expect(JSON.parse(await affectedText({ base: 'HEAD', format: 'json' }))).toEqual({ schemaVersion: 1, ...json });
    expect(json).toMatchObject({
      base: { commit: repository.git('rev-parse', 'HEAD').trim(), from: '--base HEAD' },
      any: true,
      count: 1,
      affected: [
        { id: 'apps/api', reason: 'changed', changes: [{ kind: 'dependency', steps: ['install', 'production install', 'build', 'image'] }] },
      ],
      unaffected: [],
      removed: [],
    });
    expect((await affected(context(), { base: 'HEAD', exitCode: true })).found).toBe(true);
  });

  it('each format where nothing is affected', async () => {
    const texts = Object.fromEntries(
      await Promise.all((['text', 'names', 'bake'] as const).map(async (format) => [format, await affectedText({ base: 'HEAD', format })])),
    );
    expect(texts).toEqual({ text: '1 not affected\n', names: '', bake: '' });
    expect(JSON.parse(await affectedText({ base: 'HEAD', format: 'json' }))).toMatchObject({ any: false, count: 0, affected: [] });
    expect((await affected(context(), { base: 'HEAD', exitCode: true })).found).toBe(false);
  });

  it('--format github sets the outputs and writes the summary of the step; markdown only prints', async () => {
    bumpMs();
    const [output, summary] = [join(temporary, 'output'), join(temporary, 'summary')];
    writeFileSync(summary, 'what others wrote\n');
    vi.stubEnv('GITHUB_OUTPUT', output);
    vi.stubEnv('GITHUB_STEP_SUMMARY', summary);
    const text = await affectedText({ base: 'HEAD', format: 'markdown' });
    expect(readFileSync(summary, 'utf8')).toBe('what others wrote\n');
    expect(await affectedText({ base: 'HEAD', format: 'github' })).toMatch(/^matrix=\{.*\}\nany=true\ncount=1\nchunks=1\n$/);
    expect(readFileSync(output, 'utf8')).toMatch(/^matrix<<stowage-/);
    expect(readFileSync(summary, 'utf8')).toBe(`what others wrote\n${text}`);
  });

  it('an unknown base fails with the fetch to add; all counts every app, and says so', async () => {
    const error = await affected(context(), { base: 'nowhere' }).catch((thrown: unknown) => thrown);
    expect(failureOf(error)).toMatchObject({
      status: 2,
      code: 'STW2005',
      hint: expect.stringContaining('git fetch --no-tags origin nowhere:nowhere'),
    });
    expect(failureOf(await affected(context(), { base: 'nowhere', onUnknownBase: 'fail' }).catch((thrown: unknown) => thrown))).toEqual(
      failureOf(error),
    );
    const { json, text } = await affected(context(), { base: 'nowhere', onUnknownBase: 'all' });
    expect(json).toMatchObject({ base: null, any: true, affected: [{ reason: 'unknown', problem: expect.stringContaining('nowhere') }] });
    expect(text).toContain('@acme/api  This clone does not have nowhere (--base nowhere).');
    expect(errors()).toContain('warning unknown-base: Every app counts as affected');
    expect(errors()).toContain('git fetch --no-tags origin nowhere:nowhere');
  });
});

describe('annotations', () => {
  it('follow errors and warnings in GitHub Actions alone', async () => {
    await affected(context(), { base: 'nowhere', onUnknownBase: 'all' });
    const elsewhere = errors();
    expect(elsewhere).not.toContain('::');
    printed.mockClear();
    vi.stubEnv('GITHUB_ACTIONS', 'true');
    await affected(context(), { base: 'nowhere', onUnknownBase: 'all' });
    const lines = errors()
      .split('\n')
      .filter((line) => line.startsWith('::'));
    expect(lines).toEqual([expect.stringMatching(/^::warning title=unknown-base::Every app counts as affected.*%0Agit fetch/)]);
    expect(
      errors()
        .split('\n')
        .filter((line) => !line.startsWith('::'))
        .join('\n'),
    ).toContain('warning unknown-base');
  });

  it('name the file as the checkout has it, with the line', async () => {
    vi.stubEnv('GITHUB_ACTIONS', 'true');
    vi.stubEnv('GITHUB_WORKSPACE', join(repository.folder, '..'));
    repository.edit('pnpm-lock.yaml', (text) => `${text}<<<<<<< ours\n`);
    const inside = context();
    inside.reporter.failure(failureOf(await affected(inside, { base: 'HEAD' }).catch((thrown: unknown) => thrown)));
    expect(errors()).toMatch(/^::error file=stowage-test-\w+\/pnpm-lock\.yaml,line=\d+,title=STW3005::/m);
  });
});

describe('why <app>', () => {
  it('what runs again, and the shortest reason', async () => {
    bumpMs();
    const base = repository.git('rev-parse', 'HEAD').slice(0, 12);
    const reason = 'ms 2.1.2 -> 2.1.3, needed by @acme/api > @acme/lib > debug';
    const { json, text } = await why(context(), 'api', undefined, { base: 'HEAD' });
    expect(text).toBe(
      [
        `@acme/api, compared with ${base} (--base HEAD)`,
        `  install             runs again  ${reason}`,
        `  production install  runs again  ${reason}`,
        `  build               runs again  ${reason}`,
        `  image               runs again  ${reason}`,
        '',
      ].join('\n'),
    );
    expect(json).toMatchObject({ app: { id: 'apps/api' }, steps: [{ step: 'install', runs: true, reason, changes: [{ what: 'ms' }] }, {}, {}, {}] });
    expect(JSON.parse((await why(context(), 'api', undefined, { base: 'HEAD', format: 'json' })).text)).toEqual({ schemaVersion: 1, ...json });
  });

  it('what is cached', async () => {
    repository.edit('packages/lib/index.js', (text) => text.replace('42', '43'));
    const { text } = await why(context(), 'api', undefined, { base: 'HEAD' });
    expect(text).toMatch(
      / {2}install +cached\n {2}production install +cached\n {2}build +runs again {2}packages\/lib\/index\.js, in @acme\/api > @acme\/lib\n/,
    );
    const chart = (await why(context(), 'api', undefined, { base: 'HEAD', format: 'mermaid' })).text;
    expect(chart).toMatch(/^flowchart LR\n {2}n1\["install"\]:::cached\n/);
    expect(chart).toContain('["packages/lib/index.js"]');
    expect(chart).toMatch(/\["build"\]:::runs\n/);
  });

  it('a base that is not known, and an app that is new', async () => {
    const unknown = await why(context(), 'api', undefined, { base: 'nowhere', onUnknownBase: 'all' });
    expect(unknown.text).toMatch(/^@acme\/api\n {2}install +runs again {2}This clone does not have nowhere/);
    await expect(why(context(), 'api', undefined, { base: 'nowhere' })).rejects.toMatchObject({ code: 'STW2005' });
    repository.run('git', 'mv', 'apps/api', 'apps/server');
    repository.edit('pnpm-lock.yaml', (text) => text.replace('apps/api', 'apps/server'));
    expect((await why(context(), 'api', undefined, { base: 'HEAD' })).text).toMatch(/install +runs again {2}the app is new since the base\n/);
  });
});

describe('why <app> <package>', () => {
  it('a package of a registry', async () => {
    const { json, text } = await why(context(), 'api', 'ms', {});
    expect(text).toBe('ms 2.1.2, in the build and in production\n  @acme/api > @acme/lib > debug@4.3.4 > ms@2.1.2\n');
    expect(json).toMatchObject({ app: { name: '@acme/api' }, packages: [{ name: 'ms', version: '2.1.2', runtime: true, more: false }] });
    expect(JSON.parse((await why(context(), 'api', 'ms', { format: 'json' })).text)).toEqual({ schemaVersion: 1, ...json });
    expect((await why(context(), 'api', 'ms', { format: 'mermaid' })).text).toMatch(
      /\["ms@2\.1\.2"\]\n {2}n1 --> n2\n {2}n2 --> n3\n {2}n3 --> n4\n$/,
    );
  });

  it('a package of the workspace, with what says that it is needed', async () => {
    expect((await why(context(), 'api', '@acme/lib', {})).text).toBe(
      '@acme/lib, in the build and in production\n  @acme/api > @acme/lib\n  apps/api: dependencies workspace:*\n',
    );
  });

  it('a misspelt package: the nearest names; one with --base: either', async () => {
    await expect(why(context(), 'api', 'debgu', {})).rejects.toMatchObject({ code: 'STW2006', hint: 'Did you mean debug?' });
    await expect(why(context(), '@acme/lib', '@acme/api', {})).rejects.toThrow('@acme/lib does not need @acme/api');
    await expect(why(context(), 'api', 'ms', { base: 'HEAD' })).rejects.toMatchObject({ code: 'STW2000' });
    await expect(why(context(), 'apo', undefined, { base: 'HEAD' })).rejects.toMatchObject({ code: 'STW2001' });
  });
});

it('--all packs the apps that are listed, also where a package has the name of the folder of another', async () => {
  const manifest = (name: string) => `${JSON.stringify({ name, version: '1.0.0', scripts: { start: 'node server.js' } })}\n`;
  const named = Repository.of({
    'package.json': acme['package.json'],
    'pnpm-workspace.yaml': 'packages:\n  - one\n  - two\n',
    'pnpm-lock.yaml': "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  one: {}\n\n  two: {}\n",
    'one/package.json': manifest('two'),
    'one/server.js': '',
    'two/package.json': manifest('three'),
    'two/server.js': '',
  });
  const { json } = await prune({ ...context(), cwd: named.folder }, [], { all: true });
  named.remove();
  expect(json).toMatchObject({ apps: [{ app: { id: 'one', name: 'two' } }, { app: { id: 'two', name: 'three' } }] });
});
