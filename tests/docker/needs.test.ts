import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPacked, Container, runIn, type Step } from '../kit/engine.ts';
import { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

describeWith(['docker'], 'an app with a package that is compiled, a secret, a volume, a healthcheck and a stage of its own', () => {
  const image = 'stowage-test/needs';
  const secret = 'kept-out-of-the-image';
  let repository: Repository;
  let steps: Step[];
  beforeAll(async () => {
    repository = Repository.of({
      'package.json': JSON.stringify({
        name: 'needy',
        packageManager: 'npm@11.6.2',
        scripts: { build: 'node build.js', start: 'node dist/server.js' },
        dependencies: { bcrypt: '5.1.1' },
        devDependencies: { once: '1.4.0' },
      }),
      '.npmrc': 'foreground-scripts=true\n',
      'build.js': `const fs = require('fs');
require('bcrypt').hashSync('at build', 4);
fs.cpSync('src', 'dist', { recursive: true });
fs.writeFileSync('dist/seen.txt', String(process.env.TOKEN?.length));
`,
      'src/server.js': `const { hashSync } = require('bcrypt'), fs = require('fs');
const answers = { '/health': () => 'ok', '/volume': () => fs.readFileSync('/data/started', 'utf8'), '/secret': () => fs.readFileSync(__dirname + '/seen.txt', 'utf8') };
require('http').createServer(({ url }, response) => response.end((answers[url] ?? (() => hashSync('tide', 4)))())).listen(process.env.PORT);
`,
      'stowage.json': JSON.stringify({
        buildSecrets: ['TOKEN'],
        volumes: ['/data'],
        healthcheck: '/health',
        beforeStart: 'echo once >> /data/started',
        labels: { 'org.opencontainers.image.title': 'The "needy" app' },
      }),
      'stowage.Dockerfile': 'FROM base AS motto\nRUN echo ahoy > /motto\n\nFROM runtime\nCOPY --from=motto /motto /motto\n',
    });
    repository.run('npx', '--yes', 'npm@11.6.2', 'install', '--package-lock-only');
    const { folder } = await repository.pack('.');
    process.env.TOKEN = secret;
    steps = await buildPacked(folder, image, '--secret=id=TOKEN,env=TOKEN');
  });
  afterAll(() => {
    delete process.env.TOKEN;
    repository?.remove();
  });

  it('compiles it in one of the two installs; the build and the running app have it', async () => {
    expect(steps.filter(({ output }) => output.includes('gyp info spawn make')).map(({ stage }) => stage)).toEqual(['prod-deps']);
    const container = Container.start(image, 3000, '--health-interval=1s');
    expect(await (await container.get('/')).text()).toMatch(/^\$2b\$04\$/);
    expect(await (await container.get('/volume')).text()).toBe('once\n');
    expect(await (await container.get('/secret')).text()).toBe(String(secret.length));
    const { Config } = JSON.parse(execFileSync('docker', ['inspect', container.id], { encoding: 'utf8' }))[0];
    expect(await container.health()).toBe('healthy');
    expect(Config.Labels).toMatchObject({ 'org.opencontainers.image.title': 'The "needy" app' });
    expect(container.exec('cat', '/motto')).toBe('ahoy\n');
    expect(container.stop()).toBe(143);
  });

  it('leaves no compiler, no object files and no secret in the image', () => {
    expect(runIn(image, 'sh', '-c', 'which python3 make g++; find /app -name "*.o"; true')).toBe('');
    expect(execFileSync('docker', ['history', '--no-trunc', image], { encoding: 'utf8' })).not.toContain(secret);
    expect(runIn(image, 'sh', '-c', `grep -rl ${secret} /app /motto; true`)).toBe('');
  });
});

describeWith(['docker'], 'an app of a Turborepo with a Prisma schema in another workspace', () => {
  const image = 'stowage-test/needs-turbo';
  let repository: Repository;
  let steps: Step[];
  beforeAll(async () => {
    repository = Repository.of({
      'package.json': JSON.stringify({ name: 'root', private: true, packageManager: 'pnpm@10.34.9', devDependencies: { turbo: '2.5.8' } }),
      'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n',
      'turbo.json': JSON.stringify({ tasks: { build: { dependsOn: ['^build'], outputs: ['dist/**'] } } }),
      '.gitignore': 'node_modules\ndist\n',
      'apps/api/package.json': JSON.stringify({
        name: '@acme/api',
        scripts: { build: "node -e \"fs.cpSync('src', 'dist', { recursive: true }); require('@acme/db')\"", start: 'node dist/server.js' },
        dependencies: { '@acme/db': 'workspace:*' },
      }),
      'apps/api/src/server.js':
        "require('http').createServer((_, response) => response.end(JSON.stringify(require('@acme/db')))).listen(process.env.PORT);\n",
      'packages/db/package.json': JSON.stringify({
        name: '@acme/db',
        main: 'dist/index.js',
        scripts: { build: "node -e \"fs.cpSync('index.js', 'dist/index.js')\"" },
        dependencies: { '@prisma/client': '7.0.0' },
        devDependencies: { prisma: '7.0.0' },
      }),
      'packages/db/index.js': "module.exports = require('@prisma/client').Prisma.ModelName;\n",
      'packages/db/prisma.config.js':
        "module.exports = { schema: 'prisma/schema.prisma', datasource: { url: process.env.DATABASE_URL ?? (() => { throw new Error('no DATABASE_URL') })() } };\n",
      'packages/db/prisma/schema.prisma':
        'datasource db {\n  provider = "postgresql"\n}\n\ngenerator client {\n  provider = "prisma-client-js"\n}\n\nmodel Tide {\n  id Int @id\n}\n',
      // the engine that migrations run on lies where not every network reaches; generating needs none
      'stowage.json': JSON.stringify({ buildEnv: { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' } }),
    });
    repository.run('npx', '--yes', 'pnpm@10.34.9', 'install', '--lockfile-only');
    const { folder } = await repository.pack('@acme/api');
    steps = await buildPacked(folder, image);
  });
  afterAll(() => repository?.remove());

  it('is built by turbo, and runs with the generated client', async () => {
    expect(steps.some(({ stage, output }) => stage === 'build' && /Tasks:\s+2 successful/.test(output))).toBe(true);
    const container = Container.start(image, 3000);
    expect(await (await container.get('/')).json()).toEqual({ Tide: 'Tide' });
    container.stop();
  });
});
