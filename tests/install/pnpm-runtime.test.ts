import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { app, removeScenarios, scenarioKit } from '../kit/pnpm-scenario.ts';
import { describeReleased } from '../kit/released-program.ts';

/** A mirror of Node's releases that has one: its hashes suffice to lock it. pnpm 11 and later want them signed by a releaser of Node. */
let mirror: Server;
beforeAll(async () => {
  const archives = ['darwin-arm64.tar.gz', 'linux-x64.tar.gz', 'linux-arm64.tar.gz', 'win-x64.zip'];
  const hashes = archives.map((archive, index) => `${String(index).repeat(64)}  node-v22.0.0-${archive}\n`).join('');
  const index = JSON.stringify([{ version: 'v22.0.0', date: '2024-04-24', files: ['linux-x64', 'osx-arm64-tar', 'win-x64-zip'], lts: false }]);
  mirror = createServer((request, response) => response.end(request.url?.endsWith('index.json') ? index : hashes));
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
});
afterAll(() => mirror.close());
afterEach(removeScenarios);

describeReleased('pnpm@10.34.9', () => {
  it('keeps the runtime that devEngines of the app asks for, for every platform, and drops that of another app', async () => {
    const runtime = { devEngines: { runtime: { name: 'node', version: '22.0.0', onFail: 'download' } } };
    const { deps, prod, file } = await scenarioKit('10.34.9').scenario({
      files: { '.npmrc': `node-mirror:release=http://127.0.0.1:${(mirror.address() as AddressInfo).port}/\n` },
      manifests: {
        '.': {},
        'apps/app': app({ ...runtime, dependencies: { '@t/lib': 'workspace:*', once: '1.4.0' } }),
        'libs/lib': { name: '@t/lib', dependencies: { node: 'runtime:22.0.0' } },
        'libs/none': { name: '@t/none', dependencies: { ms: '2.1.3' } },
      },
    });
    for (const text of [deps, prod]) {
      expect(text).toMatch(/ {2}node@runtime:22\.0\.0:\n {4}resolution:\n {6}type: variations/);
      expect(text.match(/node-v22\.0\.0-/g)).toHaveLength(5);
    }
    expect(JSON.parse(file('deps/apps/app/package.json'))).toMatchObject(runtime);
  });
});
