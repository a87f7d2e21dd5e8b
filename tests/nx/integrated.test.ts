import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../kit/cli.ts';
import { Container } from '../kit/engine.ts';
import { GeneratedNxWorkspace, nestAndReact } from '../kit/generated-nx-workspace.ts';
import { describeWith } from '../kit/requirements.ts';
import { sameFolder } from '../kit/same-folder.ts';

/** The first-party plugins' newest is 23.2.1. */
const combinations = [
  { nx: '23.2.1', manager: 'npm', version: '11.19.1' },
  { nx: '22.7.12', manager: 'pnpm', version: '10.34.9' },
  { nx: '23.2.1', manager: 'yarn', version: '4.18.1' },
].filter(({ manager }) => (process.env.STOWAGE_NX_MANAGERS ?? 'npm,pnpm,yarn').split(',').includes(manager));

const libraries = [
  ['@nx/js:library', 'libs/a', '--bundler=none'],
  ['@nx/js:library', 'libs/b', '--bundler=none'],
];

describeWith(['docker'], 'an integrated workspace of Nx, a Nest API, a React front end and two libraries', () => {
  beforeAll(buildProgram);
  describe.each(combinations)('made by Nx $nx with $manager $version', (combination) => {
    const { manager } = combination;
    const images = { api: `stowage-test/integrated-api-${manager}`, web: `stowage-test/integrated-web-${manager}` };
    let workspace: GeneratedNxWorkspace;

    beforeAll(() => {
      workspace = new GeneratedNxWorkspace(combination, false, [...nestAndReact, ...libraries]);
      workspace.add('ms@2.1.2', 'dayjs@1.11.12', 'picocolors@1.1.0');
      workspace.write('libs/b/src/index.ts', "import ms from 'ms';\nexport const b = (): number => ms('2 days');\n");
      workspace.write('libs/a/src/index.ts', "import { b } from '@one/b';\nexport const a = (): string => ['a of', b()].join(' ');\n");
      workspace.write(
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
      workspace.write('tools/plugin.js', "require('ms');\nexports.createNodes = exports.createNodesV2 = ['**/project.json', () => []];\n");
      const nxJson = workspace.json('nx.json');
      workspace.write('nx.json', JSON.stringify({ ...nxJson, plugins: [...nxJson.plugins, './tools/plugin.js'] }));
      workspace.write('apps/api/stowage.json', '{ "packages": ["picocolors"] }\n');
      workspace.write('apps/web/src/app/app.tsx', "import dayjs from 'dayjs';\nexport default () => <h1>{dayjs(0).year()}</h1>;\n");
      workspace.commit();
    });
    afterAll(() => {
      workspace?.remove();
      spawnSync('docker', ['image', 'rm', '--force', ...Object.values(images)]);
    });

    test('its package manager installs both manifests and lockfiles frozen', async () => {
      const api = await workspace.prune('api', 'api', '--verify');
      await workspace.prune('web', 'web', '--verify');
      const { dependencies } = JSON.parse(readFileSync(join(api, 'prod/package.json'), 'utf8'));
      expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(['@nestjs/core', 'ms', 'picocolors', 'tslib']));
      expect(Object.keys(dependencies)).not.toEqual(expect.arrayContaining(['dayjs']));
    });

    test("another app's dependency changes nothing in the installs", async () => {
      workspace.add('dayjs@1.11.13');
      const after = await workspace.prune('api', 'after');
      for (const part of ['deps', 'prod']) expect([part, sameFolder(join(workspace.home, 'api', part), join(after, part))]).toEqual([part, true]);
    });

    test('the API is built and answers, with a package that it requires by a name made at run time', async () => {
      await workspace.stowage('build', 'api', '--tag', images.api);
      const container = Container.start(images.api, 3000);
      expect(await (await container.get('/api')).json()).toEqual({ message: 'a of 172800000', colors: 'function' });
      expect(container.stop()).not.toBe(137);
    });

    test('the front end is built and served', async () => {
      await workspace.stowage('build', 'web', '--tag', images.web);
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
        await workspace.stowage(...words);
        expect(JSON.parse(workspace.run('npx', 'nx', 'show', 'projects', '--json')).sort()).toEqual(['a', 'api', 'b', 'web']);
        expect(JSON.parse(workspace.run('npx', 'nx', 'show', 'project', 'api', '--json')).root).toBe('apps/api');
        workspace.run('npx', 'nx', 'graph', `--file=${join(workspace.home, 'graph.json')}`);
      }
    });
  });
});
