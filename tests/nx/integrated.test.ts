import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { yarnProgram } from '../install/yarn-berry-tool.ts';
import { buildProgram, stowage } from '../kit/cli.ts';
import { Container } from '../kit/engine.ts';
import { releasedProgram } from '../kit/released-program.ts';
import { describeWith } from '../kit/requirements.ts';
import { sameFolder } from '../kit/same-folder.ts';

/** `create-nx-workspace` and the generators of the first-party plugins, whose newest is 23.2.1; `yarn` is yarn 4. */
const combinations = [
  { nx: '23.2.1', manager: 'npm', version: '11.19.1' },
  { nx: '22.7.12', manager: 'pnpm', version: '10.34.9' },
  { nx: '23.2.1', manager: 'yarn', version: '4.18.1' },
].filter(({ manager }) => (process.env.STOWAGE_NX_MANAGERS ?? 'npm,pnpm,yarn').split(',').includes(manager));

const plain = ['--linter=none', '--unitTestRunner=none', '--no-interactive'];
const generators = [
  ['@nx/nest:application', 'apps/api', '--e2eTestRunner=none'],
  ['@nx/react:application', 'apps/web', '--bundler=vite', '--style=css', '--routing=false', '--e2eTestRunner=none'],
  ['@nx/js:library', 'libs/a', '--bundler=none'],
  ['@nx/js:library', 'libs/b', '--bundler=none'],
];

describeWith(['docker'], 'an integrated workspace of Nx, a Nest API, a React front end and two libraries', () => {
  beforeAll(buildProgram);
  describe.each(combinations)('made by Nx $nx with $manager $version', ({ nx, manager, version }) => {
    const home = mkdtempSync(join(tmpdir(), 'stowage-nx-integrated-'));
    const folder = join(home, 'one');
    const images = { api: `stowage-test/integrated-api-${manager}`, web: `stowage-test/integrated-web-${manager}` };
    const env: Record<string, string> = {
      PATH: `${programsOf(manager, version, home)}:${process.env.PATH}`,
      ...{ NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', CI: 'true' },
      YARN_NPM_REGISTRY_SERVER: execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim().replace(/\/$/, ''),
      // as under Corepack, yarn then names its version in the manifest instead of fetching itself once more
      ...{ YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', COREPACK_ROOT: '/corepack' },
      // a mirror may have packages of the last weeks without those for each platform, which yarn refuses to lock
      YARN_NPM_MINIMAL_AGE_GATE: '60d',
    };
    // npm locks such packages, and then refuses its own lockfile
    const sixtyDaysAgo = new Date(Date.now() - 60 * 86_400_000).toISOString();
    const run = (cwd: string, ...[name = '', ...args]: string[]) => {
      const { status, stdout, stderr } = spawnSync(name, args, {
        cwd,
        env: { ...process.env, ...env, npm_config_before: sixtyDaysAgo },
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      if (status !== 0) throw new Error(`${name} ${args.join(' ')} failed (${status}):\n${stdout}\n${stderr}`);
      return stdout;
    };
    const add = manager === 'npm' ? ['npm', 'install'] : [manager, 'add'];
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    const prune = async (app: string, out: string, ...options: string[]) => {
      const { status, stderr } = await stowage(['prune', app, '--out', join(home, out), ...options], { cwd: folder, env });
      expect(status, stderr).toBe(0);
    };

    beforeAll(() => {
      const options = ['--preset=apps', '--workspaces=false', `--pm=${manager}`, '--nxCloud=skip', '--analytics=false', '--interactive=false'];
      run(home, 'npx', '--yes', `create-nx-workspace@${nx}`, 'one', ...options);
      run(folder, ...add, '-D', ...['nest', 'react', 'vite', 'webpack', 'node'].map((name) => `@nx/${name}@${nx}`));
      for (const [name = '', ...words] of generators) run(folder, 'npx', 'nx', 'generate', name, ...words, ...plain);
      run(folder, ...add, 'ms@2.1.2', 'dayjs@1.11.12', 'picocolors@1.1.0');
      write('libs/b/src/index.ts', "import ms from 'ms';\nexport const b = (): number => ms('2 days');\n");
      write('libs/a/src/index.ts', "import { b } from '@one/b';\nexport const a = (): string => ['a of', b()].join(' ');\n");
      write(
        'apps/api/src/app/app.service.ts',
        `import { Injectable } from '@nestjs/common';
import { a } from '@one/a';

@Injectable()
export class AppService {
  getData() {
    const name = ['pico', 'colors'].join('');
    return { message: a(), colors: typeof __non_webpack_require__(name).red };
  }
}
declare const __non_webpack_require__: NodeRequire;
`,
      );
      write('tools/plugin.js', "require('ms');\nexports.createNodes = exports.createNodesV2 = ['**/project.json', () => []];\n");
      const nxJson = JSON.parse(readFileSync(join(folder, 'nx.json'), 'utf8'));
      write('nx.json', JSON.stringify({ ...nxJson, plugins: [...nxJson.plugins, './tools/plugin.js'] }));
      write('apps/api/stowage.json', '{ "packages": ["picocolors"] }\n');
      write('apps/web/src/app/app.tsx', "import dayjs from 'dayjs';\nexport default () => <h1>{dayjs(0).year()}</h1>;\n");
      run(folder, 'git', 'add', '--all');
      run(folder, 'git', '-c', 'user.name=test', '-c', 'user.email=test@example.invalid', 'commit', '--quiet', '--no-verify', '--message=app');
    });
    afterAll(() => {
      rmSync(home, { recursive: true, force: true });
      spawnSync('docker', ['image', 'rm', '--force', ...Object.values(images)]);
    });

    test('its package manager installs both manifests and lockfiles frozen', async () => {
      await prune('api', 'api', '--verify');
      await prune('web', 'web', '--verify');
      const { dependencies } = JSON.parse(readFileSync(join(home, 'api/prod/package.json'), 'utf8'));
      expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(['@nestjs/core', 'ms', 'picocolors', 'tslib']));
      expect(Object.keys(dependencies)).not.toEqual(expect.arrayContaining(['dayjs']));
    });

    test("another app's dependency changes nothing in the installs", async () => {
      run(folder, ...add, 'dayjs@1.11.13');
      await prune('api', 'after');
      for (const part of ['deps', 'prod']) expect([part, sameFolder(join(home, 'api', part), join(home, 'after', part))]).toEqual([part, true]);
    });

    test('the API is built and answers, with a package that it requires by a name made at run time', async () => {
      const { status, stderr } = await stowage(['build', 'api', '--tag', images.api], { cwd: folder, env });
      expect(status, stderr.slice(-6000)).toBe(0);
      const container = Container.start(images.api, 3000);
      expect(await (await container.get('/api')).json()).toEqual({ message: 'a of 172800000', colors: 'function' });
      expect(container.stop()).not.toBe(137);
    });

    test('the front end is built and served', async () => {
      const { status, stderr } = await stowage(['build', 'web', '--tag', images.web], { cwd: folder, env });
      expect(status, stderr.slice(-6000)).toBe(0);
      const container = Container.start(images.web, 8080);
      const page = await (await container.get('/')).text();
      const script = /src="([^"]+\.js)"/.exec(page)?.[1] ?? '';
      expect((await container.get(script)).status).toBe(200);
      container.stop();
    });

    test('Nx sees its projects alone, with what Stowage wrote lying there', async () => {
      for (const words of [
        ['prune', 'api'],
        ['bake', 'api', 'web'],
        ['init', '--write', '--dockerfile', 'api'],
      ]) {
        const { status, stderr } = await stowage(words, { cwd: folder, env });
        expect(status, stderr).toBe(0);
        expect(JSON.parse(run(folder, 'npx', 'nx', 'show', 'projects', '--json')).sort()).toEqual(['a', 'api', 'b', 'web']);
        expect(JSON.parse(run(folder, 'npx', 'nx', 'show', 'project', 'api', '--json')).root).toBe('apps/api');
        run(folder, 'npx', 'nx', 'graph', `--file=${join(home, 'graph.json')}`);
      }
    });
  });
});

/** A folder for PATH with exactly this package manager. */
function programsOf(manager: string, version: string, home: string): string {
  if (manager !== 'yarn') return dirname(releasedProgram(`${manager}@${version}`) as string);
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'yarn'), `#!/bin/sh\nexec ${process.execPath} ${yarnProgram(version)} "$@"\n`, { mode: 0o755 });
  return bin;
}
