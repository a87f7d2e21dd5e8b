import { afterAll, expect, it } from 'vitest';
import { buildPacked, Container } from '../kit/engine.ts';
import { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

describeWith(['docker'], 'a package without workspaces', () => {
  const server =
    "import http from 'node:http'; import ms from 'ms';\nhttp.createServer((_, response) => response.end(ms('1s') + '')).listen(process.env.PORT);\n";
  let repository: Repository;
  afterAll(() => repository?.remove());

  it.each([
    [
      'built',
      { build: "node -e \"fs.cpSync('src', 'dist', { recursive: true })\"", start: 'node dist/server.js' },
      ['dist', 'node_modules', 'package.json'],
    ],
    ['run from its sources', { start: 'node src/server.js' }, ['.gitignore', 'node_modules', 'package.json', 'src']],
  ])('%s, is an app too', async (_how, scripts, left) => {
    repository = Repository.of({
      'package.json': JSON.stringify({ name: 'lone', type: 'module', packageManager: 'npm@11.6.2', scripts, dependencies: { ms: '2.1.3' } }),
      'src/server.js': server,
      '.gitignore': 'node_modules\n',
    });
    repository.run('npx', '--yes', 'npm@11.6.2', 'install', '--package-lock-only');
    const { folder } = await repository.pack('.');
    await buildPacked(folder, 'stowage-test/lone');
    const container = Container.start('stowage-test/lone', 3000);
    expect(await (await container.get('/')).text()).toBe('1000');
    expect(container.exec('ls', '-A', '/app').trim().split('\n')).toEqual(left);
    container.stop();
  });
});
