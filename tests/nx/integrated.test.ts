import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../kit/cli.ts';
import { GeneratedNxWorkspace, nestAndReact } from '../kit/generated-nx-workspace.ts';
import { describeWith } from '../kit/requirements.ts';
import { expectApi, expectFrontEnd, expectInstallsStay, writeFrontEnd, writeLibraries } from './nest-and-react.ts';

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
      writeLibraries(workspace, 'libs');
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
      writeFrontEnd(workspace);
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

    test("another app's dependency changes nothing in the installs", () => expectInstallsStay(workspace, 'api'));

    test('the API is built and answers, with a package that it requires by a name made at run time', () =>
      expectApi(workspace, 'api', images.api, { message: 'a of 172800000', colors: 'function' }));

    test('the front end is built and served', () => expectFrontEnd(workspace, 'web', images.web));

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
