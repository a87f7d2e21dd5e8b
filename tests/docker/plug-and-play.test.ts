import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { yarn, yarnProgram } from '../install/yarn-berry-tool.ts';
import { buildPacked, Container, stageOf } from '../kit/engine.ts';
import { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

const version = '4.18.1';
const release = `.yarn/releases/yarn-${version}.cjs`;
const image = 'stowage-test/plug-and-play';

describeWith(['docker'], "yarn's plug'n'play", () => {
  let repository: Repository;
  afterEach(() => repository?.remove());

  it.each([
    ['with archives from the registry', 'module', '.yarn\n', ''],
    ['with archives and a release that are committed', 'commonjs', '.yarn/install-state.gz\n', `enableGlobalCache: false\nyarnPath: ${release}\n`],
  ])('%s: what is built finds its packages when it runs', async (_how, type, ignored, settings) => {
    const load =
      type === 'module'
        ? "import http from 'node:http'; import { second } from '@acme/time';"
        : "const http = require('node:http'); const { second } = require('@acme/time');";
    repository = Repository.of({
      '.gitignore': `node_modules\ndist\n.pnp.*\n${ignored}`,
      '.yarnrc.yml': `nodeLinker: pnp\n${settings}`,
      'package.json': JSON.stringify({ name: 'root', private: true, packageManager: `yarn@${version}`, workspaces: ['apps/*', 'packages/*'] }),
      'apps/api/package.json': JSON.stringify({
        name: '@acme/api',
        version: '1.0.0',
        type,
        scripts: { build: "node -e \"fs.cpSync('src', 'dist', { recursive: true })\"", start: 'node dist/server.js' },
        dependencies: { '@acme/time': 'workspace:*' },
      }),
      'apps/api/src/server.js': `${load}\nhttp.createServer((_, response) => response.end(String(second()))).listen(process.env.PORT);\n`,
      'packages/time/package.json': JSON.stringify({
        name: '@acme/time',
        version: '1.0.0',
        main: 'dist/index.js',
        scripts: { build: "node -e \"fs.cpSync('src', 'dist', { recursive: true })\"" },
        dependencies: { ms: '2.1.3' },
      }),
      'packages/time/src/index.js': "exports.second = () => require('ms')('1s');\n",
      'yarn.lock': '',
    });
    mkdirSync(join(repository.folder, '.yarn/releases'), { recursive: true });
    copyFileSync(yarnProgram(version) as string, join(repository.folder, release));
    const installed = yarn(version, repository.folder, ['install']);
    expect(installed.status, installed.output).toBe(0);
    repository.commit('install');
    const { folder } = await repository.pack('apps/api');
    await buildPacked(folder, image);
    const container = Container.start(image, 3000);
    expect(await (await container.get('/')).text()).toBe('1000');
    expect(container.exec('ls', '-A', '/app').trim().split('\n')).not.toContain('node_modules');
    container.stop();
    expect(stageOf(await buildPacked(folder, image), 'prod-deps')).toBe('cached');
  });
});
