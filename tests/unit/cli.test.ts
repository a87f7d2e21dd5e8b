import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acme as files } from '../kit/acme.ts';
import { bin, buildProgram, layOut, type Run, repository, stowage } from '../kit/cli.ts';
import { FakeDocker } from '../kit/fake-docker.ts';

const commands = ['list', 'prune', 'build', 'bake', 'dockerfile', 'affected', 'why', 'config', 'pin', 'init'];
const escapeCode = '\u001b[';

let acme: ReturnType<typeof layOut>;
const inAcme = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => stowage(args, { cwd: acme.folder, env });

beforeAll(async () => {
  await buildProgram();
  acme = layOut(files);
}, 120_000);
afterAll(() => acme?.remove());

describe.concurrent('help', () => {
  const helps = new Map<string, Promise<Run>>();
  const helpOf = (...words: readonly string[]): Promise<Run> => {
    const help = helps.get(words.join(' ')) ?? stowage(words);
    helps.set(words.join(' '), help);
    return help;
  };

  test.each([[], ...commands.map((command) => [command])])('%s', async (...command) => {
    const { status, stdout, stderr } = await helpOf(...command, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: stowage/);
    expect(stdout.indexOf('Everywhere:')).toBeGreaterThan(
      stdout.indexOf(command.length === 0 ? 'Commands:' : 'Options:') * (command.length === 0 ? 0 : 1),
    );
    if (command.length > 0) expect(stdout.match(/^ {2}\$ stowage /gm)).toHaveLength(2);
  });

  test('docs/cli.md holds the help texts as they are', async () => {
    const page = readFileSync(join(repository, 'docs/cli.md'), 'utf8');
    const fences = [...page.matchAll(/^```text (stowage .*)\n([\s\S]*?)^```$/gm)];
    expect(fences).toHaveLength(commands.length + 1);
    for (const [, command = '', text] of fences)
      expect(text, command).toBe((await helpOf(...command.split(' ').slice(1))).stdout.trimEnd().concat('\n'));
  });

  test('no command: the help on stderr, status 2', async () => {
    const { status, stdout, stderr } = await stowage([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('Usage: stowage');
  });

  test('help, also as a word', async () => {
    expect(await stowage(['help'])).toEqual(await helpOf('--help'));
    expect(await stowage(['help', 'why'])).toEqual(await helpOf('why', '--help'));
    expect((await helpOf('why', '--help')).stdout.replace(/\s+/g, ' ')).toContain('how to print it (default: text): text, json, mermaid');
  });

  test('--version', async () => {
    const { version } = JSON.parse(readFileSync(join(repository, 'packages/cli/package.json'), 'utf8'));
    expect(await stowage(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe.concurrent('misspelt', () => {
  test.each([
    [['prun', 'api'], "Unknown command 'prun'.", 'prune'],
    [['dokerfile', 'api'], "Unknown command 'dokerfile'.", 'dockerfile'],
    [['prune', 'api', '--ouut', 'x'], "Unknown option '--ouut'.", '--out'],
    [['list', '--jsn'], "Unknown option '--jsn'.", '--json'],
    [['build', 'api', '--platfrom', 'x'], "Unknown option '--platfrom'.", '--platform'],
  ])('%j: status 2 and the nearest name', async (args, problem, nearest) => {
    const { status, stdout, stderr } = await inAcme(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`error STW2000 ${problem}`);
    expect(stderr).toContain(`Did you mean ${nearest}?`);
  });

  test.each([
    [['dockerfile'], /missing required argument 'app'/i],
    [['prune'], /No app is named/],
    [['build'], /No app is named/],
    [['build', 'api', '--base', 'main'], /--base says what --affected compares with/],
    [['prune', 'api', '--all'], /not both/],
    [['list', '--log-level', 'loud'], /Allowed choices are error, warn, info, debug/],
    [['build', 'api', '@acme/lib', '--tag', 'one'], /cannot all be tagged one/],
    [['list', 'api'], /got 1\.\n/],
    [['affected', '--format', 'word'], /json, github, gitlab, bake, markdown\.\n/],
    [['build', 'api', '--tag', 'Bad tag'], /"Bad tag"/],
    [['build', 'api', '--platform', 'linux/amd46'], /"linux\/amd46" is no platform.*\n {2}Did you mean linux\/amd64/],
  ])('%j: status 2', async (args, problem) => {
    const { status, stdout, stderr } = await inAcme(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(problem);
  });

  test('an app: status 2 with the nearest names', async () => {
    const { status, stderr } = await inAcme(['dockerfile', '@acme/apj']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error STW2001 .*\n {2}Did you mean @acme\/api/);
  });
});

describe.concurrent('errors', () => {
  test('as JSON on stdout', async () => {
    const { status, stdout } = await inAcme(['dockerfile', 'nothing-like-it', '--json']);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, error: { code: 'STW2001', message: expect.any(String), hint: expect.any(String) } });
  });

  test('of the command line, as JSON too', async () => {
    const { status, stdout } = await inAcme(['list', '--json', '--colour']);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, error: { code: 'STW2000' } });
  });

  test('of the repository: status 3, with file and line', async () => {
    const broken = layOut({ ...files, 'pnpm-lock.yaml': `<<<<<<< ours\n${files['pnpm-lock.yaml']}` });
    const { status, stderr } = await stowage(['dockerfile', 'api'], { cwd: broken.folder });
    broken.remove();
    expect(status).toBe(3);
    expect(stderr).toMatch(/^error STW3005 .*\n {2}at pnpm-lock\.yaml:1/);
  });

  test('no repository: status 3', async () => {
    const empty = layOut({ 'readme.txt': '' });
    const { status, stderr } = await stowage(['list'], { cwd: empty.folder });
    empty.remove();
    expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringContaining('error STW3001') });
  });

  test('no docker: status 4', async () => {
    const { status, stderr } = await inAcme(['build', 'api'], {
      PATH: join(acme.folder, 'no-programs'),
      XDG_CACHE_HOME: join(acme.folder, 'node_modules/.cache'),
    });
    expect({ status, stderr }).toEqual({ status: 4, stderr: expect.stringContaining('error STW4001') });
  });
});

describe('results', () => {
  test('list', async () => {
    const { status, stdout } = await inAcme(['list']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^@acme\/api {2}apps\/api {2}node {2}\S/);
    const json = JSON.parse((await inAcme(['list', '--json'])).stdout);
    expect(json).toEqual({ schemaVersion: 1, apps: [{ id: 'apps/api', name: '@acme/api', preset: 'node', reason: expect.any(String) }] });
  });

  test('--cwd, before and after the command', async () => {
    const args = ['--cwd', acme.folder, '--json'];
    expect(await stowage([...args, 'list'])).toEqual(await stowage(['list', ...args]));
  });

  test.each(['@acme/api', 'api', 'apps/api', './apps/api/'])('dockerfile %s', async (app) => {
    const { status, stdout } = await inAcme(['dockerfile', app]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^FROM /m);
  });

  test.each(['apps/api', 'apps/api/src/deep'])('. is the package that one stands in, in %s', async (folder) => {
    mkdirSync(join(acme.folder, folder), { recursive: true });
    const { status, stdout } = await stowage(['dockerfile', '.'], { cwd: join(acme.folder, folder) });
    expect({ status, stdout }).toEqual({ status: 0, stdout: (await inAcme(['dockerfile', 'api'])).stdout });
  });

  test('dockerfile --check: 0 up to date, 1 stale with the first line that differs', async () => {
    const { stdout } = await inAcme(['dockerfile', 'api']);
    writeFileSync(join(acme.folder, 'Dockerfile.api'), stdout);
    expect(await inAcme(['dockerfile', 'api', '--check', 'Dockerfile.api'])).toMatchObject({ status: 0, stdout: 'Dockerfile.api is up to date.\n' });
    writeFileSync(join(acme.folder, 'Dockerfile.api'), stdout.replace('FROM', '# edited\nFROM'));
    const stale = await inAcme(['dockerfile', 'api', '--check', 'Dockerfile.api', '--json']);
    expect(stale.status).toBe(1);
    expect(JSON.parse(stale.stdout)).toMatchObject({
      schemaVersion: 1,
      stale: true,
      line: stdout.split('\n').findIndex((line) => line.startsWith('FROM')) + 1,
    });
    expect((await inAcme(['dockerfile', 'api', '--check', 'Dockerfile.none'])).status).toBe(2);
    rmSync(join(acme.folder, 'Dockerfile.api'));
  });

  test('prune writes the folder and tells what is in it', async () => {
    const { status, stdout } = await inAcme(['prune', 'api']);
    expect(status).toBe(0);
    expect(stdout).toContain(`@acme/api -> ${join('out', 'acme-api')}`);
    expect(stdout).toContain('workspaces  2 of 2');
    expect(JSON.parse(readFileSync(join(acme.folder, 'out/acme-api/plan.json'), 'utf8'))).toMatchObject({
      schemaVersion: 1,
      app: { name: '@acme/api' },
    });
    const json = JSON.parse((await inAcme(['prune', '--all', '--out', 'out', '--json'])).stdout);
    expect(json).toMatchObject({
      schemaVersion: 1,
      apps: [
        {
          output: join(acme.folder, 'out/acme-api'),
          workspaces: { build: ['apps/api', 'packages/lib'] },
          packages: { build: 0, runtime: 0, total: 0 },
        },
      ],
    });
  });

  test('prune ends its work where nobody reads what it tells meanwhile', async () => {
    const child = spawn(process.execPath, [bin, 'prune', 'api', '--out', 'unread', '--log-level', 'debug'], { cwd: acme.folder });
    child.stderr.destroy();
    child.stdout.resume();
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    expect(readdirSync(acme.folder).filter((name) => name.startsWith('unread'))).toEqual(['unread']);
    rmSync(join(acme.folder, 'unread'), { recursive: true });
  });

  test('prune --no-imports leaves the sources unread', async () => {
    const source = join(acme.folder, 'apps/api/undeclared.js');
    writeFileSync(source, "import './not-there.js';\n");
    expect((await inAcme(['prune', 'api'])).stderr).toContain('absent-source');
    expect((await inAcme(['prune', 'api', '--no-imports'])).stderr).not.toContain('absent-source');
    rmSync(source);
  });

  test('prune --verify says what was refused, also with --quiet', async () => {
    const { status, stdout } = await inAcme(['prune', 'api', '--verify', '-q'], {
      npm_config_cache: join(acme.folder, 'node_modules/.npm'),
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_fetch_retries: '0',
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringMatching(/ refused .*\n {4}\S/) });
  });

  test('an output folder that holds something else is refused and left alone', async () => {
    const { status, stderr } = await inAcme(['prune', 'api', '--out', 'packages']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('error STW2003') });
    expect(readFileSync(join(acme.folder, 'packages/lib/index.js'), 'utf8')).toBe(files['packages/lib/index.js']);
  });

  test('config', async () => {
    const { status, stdout } = await inAcme(['config', 'api', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      apps: [
        {
          id: 'apps/api',
          name: '@acme/api',
          values: expect.arrayContaining([{ key: 'start', value: 'node server.js', source: 'preset node' }]),
        },
      ],
    });
  });

  test('dockerfile --check lints a file that was written by hand', async () => {
    writeFileSync(join(acme.folder, 'Dockerfile.own'), 'FROM node:24-slim\nCOPY . .\nRUN pnpm install --prod\nUSER node\n');
    const { status, stdout } = await inAcme(['dockerfile', 'api', '--check', 'Dockerfile.own']);
    expect({ status, codes: [...stdout.matchAll(/^(\S+) (\S+):/gm)].map(([, place, code]) => `${place} ${code}`) }).toEqual({
      status: 1,
      codes: ['Dockerfile.own:2 no-ignore-file', 'Dockerfile.own:2 sources-before-install', 'Dockerfile.own:3 unfrozen-install'],
    });
  });

  test('dockerfile --self-contained: a workspace below the build context, a program of the repository, an ignore file to check', async () => {
    const args = ['dockerfile', 'api', '--self-contained', '--context', '..', '--program', 'node /repository/tools/bin.js'];
    const { stdout } = await inAcme([...args, '--json']);
    const { dockerfile, dockerignore } = JSON.parse(stdout);
    expect(dockerfile).toContain(`node /repository/tools/bin.js prune apps/api --cwd /repository/${basename(acme.folder)} --out /out`);
    expect(dockerignore).toContain(`${basename(acme.folder)}/out\n`);
    writeFileSync(join(acme.folder, 'own.Dockerfile'), dockerfile);
    const check = [...args, '--check', 'own.Dockerfile', '--json'];
    expect(JSON.parse((await inAcme(check)).stdout)).toMatchObject({ stale: false, findings: [{ code: 'ignore-file-missing' }] });
    writeFileSync(join(acme.folder, 'own.Dockerfile.dockerignore'), dockerignore);
    expect(await inAcme(check)).toMatchObject({ status: 0 });
    expect(await inAcme(['dockerfile', 'api', '--check', 'own.Dockerfile'])).toMatchObject({ status: 0 });
    writeFileSync(join(acme.folder, 'own.Dockerfile'), dockerfile.replace('EXPOSE 3000', 'EXPOSE 3001'));
    const stale = await inAcme(['dockerfile', 'api', '--check', 'own.Dockerfile']);
    expect(stale.stdout).toContain("--self-contained --context .. --program 'node /repository/tools/bin.js' > own.Dockerfile` brings it up to date");
    writeFileSync(join(acme.folder, 'own.Dockerfile.dockerignore'), '**/.git\n');
    expect((await inAcme(check.slice(0, -1))).stdout).toMatch(
      /own\.Dockerfile\.dockerignore:1 ignore-file-stale: .*\n {2}It must hold these lines:\n {2}\*\*\/node_modules\n/,
    );
    expect((await inAcme(['dockerfile', 'api', '--context', '..'])).status).toBe(2);
  });

  test('dockerfile --check names the command that makes the form asked for, with its options', async () => {
    const args = ['dockerfile', 'api', '--self-contained', '--context', '..', '--program', 'node /repository/tools/bin.js'];
    const plain = (await inAcme(['dockerfile', 'api'])).stdout;
    writeFileSync(join(acme.folder, 'own.Dockerfile'), plain);
    const other = await inAcme([...args, '--check', 'own.Dockerfile']);
    expect(other.stdout).toContain("--self-contained --context .. --program 'node /repository/tools/bin.js' > own.Dockerfile` brings it up to date");
    expect(await inAcme([...args, '--check', 'none'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("--context .. --program 'node /repository/tools/bin.js' > none` makes it"),
    });
    expect(await inAcme(['dockerfile', 'api', '--check', 'apps'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Name the Dockerfile in it'),
    });
  });

  test('pin writes the digests that registries tell, and the Dockerfile names them', async () => {
    const digest = `sha256:${'a1'.repeat(32)}`;
    const docker = new FakeDocker(acme.folder, { other: `case "$*" in *imagetools*) echo ${digest}; exit 0 ;; esac` });
    expect((await inAcme(['pin'], docker.env)).status).toBe(0);
    expect(JSON.parse(readFileSync(join(acme.folder, 'stowage.pins.json'), 'utf8'))).toEqual({ 'node:24-slim': digest });
    expect((await inAcme(['dockerfile', 'api'])).stdout).toContain(`FROM node:24-slim@${digest} AS runtime`);
    writeFileSync(join(acme.folder, 'stowage.pins.json'), '{ "node:24-slim": "24.1" }');
    expect(await inAcme(['dockerfile', 'api'])).toMatchObject({ status: 2, stderr: expect.stringContaining('stowage.pins.json') });
    writeFileSync(join(acme.folder, 'stowage.pins.json'), JSON.stringify({ 'node:24-slim': digest, 'node:18-slim': digest }));
    const unused = 'warning pin-unused: No app starts from node:18-slim';
    for (const command of ['config', 'bake']) expect((await inAcme([command])).stderr, command).toContain(unused);
    expect((await inAcme(['config', 'api'])).stderr).not.toContain(unused);
    rmSync(join(acme.folder, 'stowage.pins.json'));
    rmSync(join(acme.folder, 'out'), { recursive: true });
  });

  test('--quiet says nothing where all went well', async () => {
    expect(await inAcme(['prune', 'api', '--quiet'])).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe('build', () => {
  test('prunes into a cache folder, and calls docker buildx bake', async () => {
    const docker = new FakeDocker(acme.folder);
    const args = ['--tag', 'r.example/{app}:1', '--platform', 'linux/amd64,linux/arm64', '--push', '--builder', 'b', '--cache', 'type=gha'];
    const words = ['--provenance=false', '--build-arg', 'SITE=https://a.example', '--build-arg=TOKEN', '--set', '*.args.X=1', '--json'];
    const { status, stdout } = await inAcme(['build', 'api', ...args, '--json', '--', ...words], { ...docker.env, TOKEN: '%{x}' });
    expect(status).toBe(0);
    const { apps } = JSON.parse(stdout);
    expect(apps).toMatchObject([{ app: { name: '@acme/api' }, tags: ['r.example/acme-api:1'], pushed: true, reused: false }]);
    const calls = docker.calls.filter(({ words }) => words[1] === 'bake');
    expect(calls).toHaveLength(1);
    expect(calls[0]?.words).toEqual([
      ...['buildx', 'bake', '--file=-', '--progress=plain', expect.stringMatching(/^--metadata-file=/)],
      ...['--builder=b', '--push', '--set', '*.args.X=1', '--json'],
    ]);
    expect(JSON.parse(calls[0]?.input ?? '')).toEqual({
      group: { default: { targets: ['acme-api'] } },
      target: {
        'acme-api': {
          context: apps[0].folder,
          args: { SITE: 'https://a.example', TOKEN: '%%{x}' },
          attest: ['type=provenance,disabled=true'],
          labels: { 'dev.stowage.identity': apps[0].identity },
          tags: ['r.example/acme-api:1', `r.example/acme-api:stowage-${apps[0].identity.slice(0, 16)}`],
          platforms: ['linux/amd64', 'linux/arm64'],
          'cache-from': ['type=gha,scope=acme-api-amd64_arm64'],
          'cache-to': ['type=gha,scope=acme-api-amd64_arm64,mode=max'],
        },
      },
    });
    expect(readFileSync(join(apps[0].folder, 'plan.json'), 'utf8')).toContain('@acme/api');
  });

  test('several apps are one build; an app that is named twice is built once', async () => {
    const docker = new FakeDocker(acme.folder);
    const { status, stdout } = await inAcme(['build', 'api', '@acme/lib', 'apps/api'], docker.env);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '@acme/api -> acme-api\n@acme/lib -> acme-lib\n' });
    expect(docker.built?.words).toContain('--load');
    expect(docker.built?.file.group.default.targets).toEqual(['acme-api', 'acme-lib']);
  });

  const identityOf = async () => JSON.parse((await inAcme(['prune', 'api', '--json'])).stdout).apps[0].identities.image as string;

  test('an image that the registry has is tagged by its digest, and nothing is built', async () => {
    const identity = await identityOf();
    const image = { os: 'linux', architecture: 'amd64', config: { Labels: { 'dev.stowage.identity': identity } } };
    const other = `case "$*" in *inspect*"stowage-"*) echo '${JSON.stringify({ manifest: { digest: 'sha256:00' }, image })}'; exit 0 ;; esac`;
    const docker = new FakeDocker(acme.folder, { other });
    const file = join(acme.folder, 'images.json');
    const { status, stdout } = await inAcme(['build', 'api', '--push', '--tag', 'r.example/{app}:1', '--metadata', 'images.json'], docker.env);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '@acme/api -> r.example/acme-api:1 (pushed, was there)\n' });
    expect(docker.built).toBeUndefined();
    const tag = `r.example/acme-api:stowage-${identity.slice(0, 16)}`;
    expect(docker.called('buildx', 'imagetools', 'create')[0]?.slice(4)).toEqual([
      ...['--tag=r.example/acme-api:1', `--tag=${tag}`, 'r.example/acme-api@sha256:00'],
    ]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([
      { name: '@acme/api', ref: 'r.example/acme-api@sha256:00', digest: 'sha256:00', identity },
    ]);
    rmSync(file);

    await inAcme(['build', 'api', '--push', '--tag', 'r.example/{app}:1', '--', '--pull'], docker.env);
    expect(docker.built?.file.target['acme-api']?.tags).toEqual(['r.example/acme-api:1', tag]);
  });

  test('one of another platform is none', async () => {
    const image = { os: 'linux', architecture: 'arm64', variant: 'v8', config: { Labels: { 'dev.stowage.identity': await identityOf() } } };
    const other = `case "$*" in *imagetools*inspect*) echo '${JSON.stringify({ manifest: { digest: 'sha256:00' }, image })}'; exit 0 ;; esac`;
    const docker = new FakeDocker(acme.folder, { other });
    expect((await inAcme(['build', 'api', '--push', '--tag', 'r.example/api:1'], docker.env)).status).toBe(0);
    expect(docker.built?.words).toContain('--push');
  });

  test('a registry that does not answer: status 4 before anything is built', async () => {
    const other = 'case "$*" in *imagetools*) echo "ERROR: failed to do request: dial tcp: connection refused" >&2; exit 1 ;; esac';
    const docker = new FakeDocker(acme.folder, { other });
    const { status, stderr } = await inAcme(['build', 'api', '--push', '--tag', 'r.example/api:1'], docker.env);
    expect({ status, stderr }).toEqual({ status: 4, stderr: expect.stringMatching(/connection refused[\s\S]*A registry does not answer/) });
    expect(docker.built).toBeUndefined();
  });

  test('an image that the engine has is tagged, and nothing is built', async () => {
    const image = [{ Id: 'sha256:11', Os: 'linux', Architecture: 'amd64', Config: { Labels: { 'dev.stowage.identity': await identityOf() } } }];
    const docker = new FakeDocker(acme.folder, {
      other: `case "$*" in "image ls"*) echo sha256:11 ;; "image inspect"*) echo '${JSON.stringify(image)}' ;; esac`,
    });
    const { status, stdout } = await inAcme(['build', 'api', '--tag', 'one', '--tag', 'two'], docker.env);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '@acme/api -> one, two (was there)\n  docker run --rm -p 3000:3000 one\n' });
    expect(docker.built).toBeUndefined();
    expect(docker.called('image', 'tag').map((words) => words.slice(2))).toEqual([
      ['sha256:11', 'one'],
      ['sha256:11', 'two'],
    ]);
  });

  test('a build that fails: status 4 with what docker said', async () => {
    const docker = new FakeDocker(acme.folder, { bake: 'echo "ERROR: no space left on device" >&2; exit 1' });
    const { status, stderr } = await inAcme(['build', 'api'], docker.env);
    expect({ status, stderr }).toEqual({ status: 4, stderr: expect.stringContaining('ERROR: no space left on device') });
    expect(stderr).toContain('docker buildx prune');
  });

  test('Ctrl-C ends docker and Stowage, status 130', async () => {
    const docker = new FakeDocker(acme.folder, { bake: 'exec sleep 60' });
    const running = stowage(['build', 'api'], { cwd: acme.folder, env: docker.env, interruptWhen: () => docker.built !== undefined });
    expect(await running).toMatchObject({ status: 130, stdout: '', stderr: expect.not.stringContaining('error') });
  });
});

describe('bake', () => {
  test('writes the folders, and prints or writes a file whose contexts lie below the root', async () => {
    const { status, stdout } = await inAcme(['bake', '--tag', 'r.example/{app}:1']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ target: { 'acme-api': { context: 'out/acme-api', tags: ['r.example/acme-api:1'] } } });
    expect(readFileSync(join(acme.folder, 'out/acme-api/plan.json'), 'utf8')).toContain('@acme/api');
    const args = ['bake', '--tag', 'r.example/{app}:1', '--file', '../../stowage.bake.json'];
    expect(await stowage(args, { cwd: join(acme.folder, 'apps/api') })).toMatchObject({
      status: 0,
      stdout: '../../stowage.bake.json: acme-api\n  cd ../.. && docker buildx bake --file stowage.bake.json\n',
    });
    expect(readFileSync(join(acme.folder, 'stowage.bake.json'), 'utf8')).toBe(stdout);
    expect((await inAcme(args.with(-1, 'stowage.bake.json'))).status).toBe(0);
    rmSync(join(acme.folder, 'stowage.bake.json'));
  });

  test("leaves a user's own file alone, and takes no option that a file cannot hold", async () => {
    writeFileSync(join(acme.folder, 'docker-bake.json'), '{ "target": { "web": {} } }');
    expect(await inAcme(['bake', '--file', 'docker-bake.json'])).toMatchObject({ status: 2, stderr: expect.stringContaining('error STW2003') });
    expect(await inAcme(['bake', '--', '--load'])).toMatchObject({ status: 2, stderr: expect.stringContaining('cannot hold --load') });
    rmSync(join(acme.folder, 'docker-bake.json'));
  });
});

describe.concurrent('colour', () => {
  test('none in a pipe, some where forced, none where NO_COLOR is set too', async () => {
    expect((await inAcme(['dockerfile', 'x'])).stderr).not.toContain(escapeCode);
    expect((await inAcme(['dockerfile', 'x'], { CI: 'true' })).stderr).not.toContain(escapeCode);
    expect((await inAcme(['dockerfile', 'x'], { FORCE_COLOR: '1' })).stderr).toContain(escapeCode);
    expect((await inAcme(['dockerfile', 'x'], { FORCE_COLOR: '1', NO_COLOR: '1' })).stderr).not.toContain(escapeCode);
  });
});

describe('the bundle', () => {
  test('runs alone, without node_modules, syntax trees and all', async () => {
    const alone = mkdtempSync(join(tmpdir(), 'stowage-alone-'));
    cpSync(join(bin, '..'), alone, { recursive: true });
    const undeclared = layOut({
      ...files,
      'pnpm-lock.yaml': `${files['pnpm-lock.yaml']}\n  packages/more: {}\n`,
      'apps/api/server.js': "import { more } from '@acme/more';\nconsole.log(more);\n",
      'packages/more/package.json': '{ "name": "@acme/more", "version": "1.0.0", "type": "module", "exports": "./index.js" }\n',
      'packages/more/index.js': 'export const more = 1;\n',
    });
    const { status, stdout } = await stowage(['prune', 'api', '--json'], { cwd: undeclared.folder, program: join(alone, 'bin.js') });
    undeclared.remove();
    rmSync(alone, { recursive: true });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).apps[0].workspaces.build).toEqual(['apps/api', 'packages/lib', 'packages/more']);
  });

  test('starts small, and loads ts-morph only by a dynamic import', () => {
    expect(statSync(bin).size).toBeLessThan(80_000);
    for (const file of ['bin.js', 'core.js']) {
      const text = readFileSync(join(bin, '..', file), 'utf8');
      expect(text.match(/(?:from|import)\s*["'`]\.\/(?:core|syntax)\.js["'`]/g), file).toBeNull();
    }
  });
});
