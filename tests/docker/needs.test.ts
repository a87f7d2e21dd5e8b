import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPacked, Container, runIn, type Step } from '../kit/engine.ts';
import { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

const image = 'stowage-test/needs';

describeWith(['docker'], 'a package that is compiled', () => {
  let repository: Repository;
  let steps: Step[];
  beforeAll(async () => {
    repository = Repository.of({
      'package.json': JSON.stringify({
        name: 'needy',
        packageManager: 'npm@11.6.2',
        scripts: {
          build: "node -e \"require('bcrypt').hashSync('at build', 4); fs.cpSync('src', 'dist', { recursive: true })\"",
          start: 'node dist/server.js',
        },
        dependencies: { bcrypt: '5.1.1' },
        devDependencies: { once: '1.4.0' },
      }),
      '.npmrc': 'foreground-scripts=true\n',
      'src/server.js':
        "const { hashSync } = require('bcrypt');\nrequire('http').createServer((_, response) => response.end(hashSync('tide', 4))).listen(process.env.PORT);\n",
    });
    repository.run('npx', '--yes', 'npm@11.6.2', 'install', '--package-lock-only');
    const { folder } = await repository.pack('.');
    steps = await buildPacked(folder, image);
  });
  afterAll(() => repository?.remove());

  it('is compiled in one of the two installs, and there for the build and the running app', async () => {
    expect(steps.filter(({ output }) => output.includes('gyp info spawn make')).map(({ stage }) => stage)).toEqual(['prod-deps']);
    const container = Container.start(image, 3000);
    expect(await (await container.get('/')).text()).toMatch(/^\$2b\$04\$/);
    container.stop();
  });

  it('leaves no compiler and no object files in the image', () => {
    expect(runIn(image, 'sh', '-c', 'which python3 make g++; find /app -name "*.o"; true')).toBe('');
  });
});
