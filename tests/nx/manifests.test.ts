import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildProgram } from '../kit/cli.ts';
import { GeneratedNxWorkspace, nestAndReact } from '../kit/generated-nx-workspace.ts';
import { describeWith } from '../kit/requirements.ts';
import { expectApi, expectFrontEnd, expectInstallsStay, writeFrontEnd, writeLibraries } from './nest-and-react.ts';

const libraries = [
  ['@nx/js:library', 'packages/a', '--bundler=tsc'],
  ['@nx/js:library', 'packages/b', '--bundler=tsc'],
];

describeWith(
  ['docker'],
  'a workspace as create-nx-workspace makes it: near-empty manifests, all third-party packages in the root (pnpm, Nx 23)',
  () => {
    const images = { api: 'stowage-test/manifests-api', web: 'stowage-test/manifests-web' };
    let workspace: GeneratedNxWorkspace;

    beforeAll(async () => {
      await buildProgram();
      workspace = new GeneratedNxWorkspace({ nx: '23.2.1', manager: 'pnpm', version: '10.34.9' }, true, [...nestAndReact, ...libraries]);
      workspace.add('dayjs@1.11.12', 'clsx@2.1.1');
      // a library that is bundled from the devDependencies, and one with a dependency of its own that the bundle leaves outside
      depend('packages/b', 'dependencies', { ms: '2.1.2' });
      depend('packages/a', 'dependencies', { '@one/b': 'workspace:*' });
      depend('apps/api', 'devDependencies', { '@one/a': 'workspace:*' });
      writeLibraries(workspace, 'packages');
      workspace.write('packages/b/src/ms.d.ts', "declare module 'ms' {\n  export default function ms(text: string): number;\n}\n");
      workspace.write(
        'apps/api/src/app/app.service.ts',
        `import { Injectable } from '@nestjs/common';
import { a } from '@one/a';
import { clsx } from 'clsx';

@Injectable()
export class AppService {
  getData() {
    return { message: clsx(a()) };
  }
}
`,
      );
      writeFrontEnd(workspace);
      workspace.run('pnpm', 'install', '--no-frozen-lockfile');
      workspace.run('npx', 'nx', 'sync');
      workspace.commit();
    });
    afterAll(() => {
      workspace?.remove();
      spawnSync('docker', ['image', 'rm', '--force', ...Object.values(images)]);
    });

    test('its package manager installs both manifests and lockfiles frozen', async () => {
      const api = await workspace.prune('@one/api', 'api', '--verify');
      await workspace.prune('@one/web', 'web', '--verify');
      const { dependencies } = JSON.parse(readFileSync(join(api, 'prod/package.json'), 'utf8'));
      expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(['@nestjs/core', 'clsx', 'reflect-metadata', 'tslib']));
      expect(readFileSync(join(api, 'deps/package.json'), 'utf8')).not.toMatch(/"(?:dayjs|react|@nx\/(?:react|vite))"/);
    });

    test("another app's dependency in the root manifest changes nothing in the installs", () => expectInstallsStay(workspace, '@one/api'));

    test('the API is built and answers', () => expectApi(workspace, '@one/api', images.api, { message: 'a of 172800000' }));

    test('the front end is built and served', () => expectFrontEnd(workspace, '@one/web', images.web));

    function depend(project: string, map: 'dependencies' | 'devDependencies', names: Readonly<Record<string, string>>): void {
      const manifest = workspace.json(`${project}/package.json`);
      workspace.write(`${project}/package.json`, JSON.stringify({ ...manifest, [map]: { ...manifest[map], ...names } }, null, 2));
    }
  },
);
