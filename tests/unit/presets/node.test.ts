import { describe, expect, it } from 'vitest';
import { expandCommand } from '../../../packages/core/src/presets/expand-command.ts';
import { nodeVersion } from '../../../packages/core/src/presets/node-version.ts';
import { parseStart } from '../../../packages/core/src/presets/start-command.ts';
import { appOf, found } from '../../kit/app-facts.ts';

describe('start commands', () => {
  it.each([
    ['node dist/main.js', ['node', 'dist/main.js'], {}],
    ['NODE_ENV=production node --enable-source-maps dist/main.js', ['node', '--enable-source-maps', 'dist/main.js'], { NODE_ENV: 'production' }],
    ['cross-env PORT=80 node server.js', ['node', 'server.js'], { PORT: '80' }],
    ['node --env-file=.env server.js', ['node', 'server.js'], {}],
    ['dotenv -e ../../.env -- node server.js', ['node', 'server.js'], {}],
    ['tsx src/index.ts', ['node', '--import', 'tsx', 'src/index.ts'], {}],
    ['bun run --env-file=.env --smol src/index.ts', ['bun', '--smol', 'src/index.ts'], {}],
    ['next start -p 3000', ['sh', '-c', 'exec next start -p 3000'], {}],
    ['node migrate.js && node server.js', ['sh', '-c', 'node migrate.js && node server.js'], {}],
  ])('%s', (script, words, env) => expect(parseStart(script)).toEqual({ words, env }));
});

describe('scripts that call others', () => {
  const scripts = {
    serve: 'node dist/main.js',
    migrate: 'npx prisma migrate deploy',
    'start:prod': 'pnpm migrate && npm run serve -- --port 3',
    both: 'node a.js && node b.js',
    loop: 'npm run loop',
    start: 'npm run serve',
  };
  it.each([
    ['npm run serve', 'node dist/main.js'],
    ['npm start', 'node dist/main.js'],
    ['npm run -s serve -- --tries 1', 'node dist/main.js --tries 1'],
    ['yarn serve --tries 1', 'node dist/main.js --tries 1'],
    ['bun run serve', 'node dist/main.js'],
    ['pnpm start:prod', 'prisma migrate deploy && node dist/main.js --port 3'],
    ['cross-env A=1 yarn run serve', 'cross-env A=1 node dist/main.js'],
    ['NODE_ENV=production pnpm both', "NODE_ENV=production sh -c 'node a.js && node b.js'"],
    ['pnpm both && node c.js', '(node a.js && node b.js) && node c.js'],
    ['npx --yes next start', 'next start'],
    ['npm exec -- next start', 'next start'],
    ['pnpm exec tsx a.ts', 'tsx a.ts'],
    ['yarn node server.js', 'node server.js'],
  ])('%s is %s', (line, command) => expect(expandCommand(line, scripts)).toBe(command));

  it.each(['npm run loop', 'npm run absent', 'pnpm --filter web start', 'yarn workspace web start', 'npm ci', 'node server.js'])('%s stays', (line) =>
    expect(expandCommand(line, scripts)).toBe(line),
  );

  it('are followed by a start script and by a start command of the config, and told where they cannot be', () => {
    const app = { scripts: { start: 'NODE_ENV=production yarn serve', serve: 'node dist/main.js' } };
    expect(found(app).plan).toMatchObject({ command: ['node', 'dist/main.js'], env: { NODE_ENV: 'production' }, diagnostics: [] });
    expect(found(app, {}, { config: { start: 'npm run serve' } }).plan).toMatchObject({ command: ['node', 'dist/main.js'] });
    expect(found({ scripts: { start: 'pnpm --filter api start' } }).plan).toMatchObject({ diagnostics: [{ code: 'start-calls-package-manager' }] });
    expect(found({ scripts: { start: 'deno run -A serve.ts' } }).plan).toMatchObject({ diagnostics: [{ code: 'start-program-missing' }] });
    expect(found({ scripts: { start: 'deno run -A serve.ts' }, dependencies: { deno: '^2.0.0' } }).plan).toMatchObject({ diagnostics: [] });
  });
});

describe('programs', () => {
  it('starts what says that it is for production, where `start` is for development', () => {
    const scripts = { start: 'nodemon', 'start:prod': 'node dist/main' };
    expect(found({ scripts })).toMatchObject({ id: 'node', reason: 'start:prod script: node dist/main', plan: { command: ['node', 'dist/main'] } });
    expect(found({ scripts: { ...scripts, start: 'node server' } }).plan).toMatchObject({ command: ['node', 'server'] });
  });

  it('takes a package that only builds itself anew, or has a server to try it with, for none', () => {
    const watching = { start: 'npm run start:dev', 'start:dev': 'pnpm build:watch', 'build:watch': 'tsc -p tsconfig.json -w' };
    expect(found({ private: true, scripts: watching }).reason).toBeUndefined();
    expect(found({ bin: 'cli.js', scripts: watching }).id).toBe('cli');
    expect(found({ main: 'index.js', scripts: { start: 'vite' } }).reason).toBeUndefined();
    expect(found({ private: true, scripts: { start: 'vite' } }, {}, { shared: true }).reason).toBeUndefined();
    expect(found({ private: true, scripts: { start: 'tsup --watch --onSuccess "node dist"' } }).id).toBe('node');
  });

  it('takes a start script as a program, and says nothing of a library', () => {
    expect(found({ scripts: { start: 'node index.js' } })).toMatchObject({ id: 'node', reason: 'start script: node index.js', plan: { port: 3000 } });
    expect(found({ main: 'index.js' }).reason).toBeUndefined();
  });

  it('runs TypeScript as the script does, and says where Node runs none', () => {
    const app = { scripts: { start: 'node src/index.ts' } };
    expect(found(app).plan).toMatchObject({ command: ['node', 'src/index.ts'], diagnostics: [] });
    expect(found({ ...app, engines: { node: '^20' } }).plan).toMatchObject({ diagnostics: [{ code: 'node-runs-no-typescript' }] });
  });

  it.each([
    ['tsx src/index.ts', 'tsx'],
    ['node -r ts-node/register src/index.ts', 'ts-node'],
    ['cross-env PORT=80 nodemon src', 'nodemon'],
    ['node --import=@swc-node/register src/index.ts', '@swc-node/register'],
  ])('says that %s needs what stays behind', (start, name) => {
    const tools = { [name]: '1', 'cross-env': '1' };
    expect(found({ scripts: { start }, devDependencies: tools }).plan).toMatchObject({
      diagnostics: [{ code: 'start-needs-dev-dependency', message: expect.stringContaining(`by ${name.split('/register')[0]}`) }],
    });
    expect(found({ scripts: { start }, dependencies: tools }).plan).toMatchObject({ diagnostics: [] });
  });

  it.each(['react-scripts start', 'vite', 'vite --port 3000', 'tsx watch src/index.ts', 'node --watch server.js', 'parcel index.html'])(
    'says that %s is for development',
    (start) => expect(found({ scripts: { start } }).plan).toMatchObject({ diagnostics: [{ code: 'start-for-development' }] }),
  );

  it.each(['vite preview --host', 'node server.js', 'parcel-server', 'NODE_ENV=production tsx src/watch.ts'])('says nothing of %s', (start) =>
    expect(found({ scripts: { start } }).plan).toMatchObject({ diagnostics: [] }),
  );

  it('lets the config tell another command and port', () => {
    const { plan } = found({ scripts: { start: 'node index.js' } }, {}, { config: { start: ['node', 'other.js'], port: 8080 } });
    expect(plan).toMatchObject({ command: ['node', 'other.js'], port: 8080 });
  });

  it('takes a bin for a tool, unless the workspace uses it or it serves', () => {
    expect(found({ name: '@acme/ahoy', bin: { help: 'help.js', ahoy: 'cli.js' } })).toMatchObject({
      id: 'cli',
      reason: 'bin: ahoy, help',
      plan: { command: ['node', 'cli.js'], takesArguments: true, port: undefined },
    });
    expect(found({ bin: 'cli.js' }, {}, { shared: true }).reason).toBeUndefined();
    expect(found({ bin: 'cli.js', scripts: { start: 'node cli.js serve' } }).id).toBe('node');
  });
});

describe('Bun', () => {
  const app = { scripts: { start: 'PORT=80 bun src/index.ts' } };
  it.each([
    ['packageManager', { packageManager: 'bun@1.3.11+sha512.0' }, {}],
    ['engines', { engines: { bun: '^1.3.11' } }, {}],
    ['devEngines', { devEngines: { runtime: [{ name: 'node' }, { name: 'bun', version: '1.3.11' }] } }, {}],
    ['.bun-version', {}, { '.bun-version': 'v1.3.11\n' }],
  ])('has the version of %s', (_where, root, above) =>
    expect(found(app, {}, { root, above })).toMatchObject({
      id: 'bun',
      plan: { command: ['bun', 'src/index.ts'], env: { PORT: '80' }, engine: { name: 'bun', version: '1.3.11' }, diagnostics: [] },
    }),
  );

  it('warns where nothing tells the version', () =>
    expect(found(app, {}, { root: { engines: { bun: '>=1' } } }).plan).toMatchObject({ diagnostics: [{ code: 'bun-version-unknown' }] }));

  it('is no matter where Bun only calls a script, or only installs', () => {
    expect(found({ scripts: { start: 'bun run serve' } }).id).toBe('node');
    expect(found({ scripts: { start: 'node index.js' } }, {}, { root: { packageManager: 'bun@1.3.11' } }).id).toBe('node');
  });

  it('takes what it bundled for all that the program needs, but for the packages left out', () => {
    const build = 'bun build src/index.ts --target bun --outdir ./dist --external react-dom/server --external=@acme/addon/native';
    const root = { packageManager: 'bun@1.3.11' };
    const bundled = { contents: [{ from: 'dist', to: 'apps/web/dist' }], packages: ['@acme/addon', 'react-dom'] };
    expect(found({ private: true, scripts: { build } }, {}, { root })).toMatchObject({
      id: 'bun',
      reason: `build script: ${build}`,
      plan: { command: ['bun', 'dist/index.js'], ...bundled },
    });
    expect(found({ scripts: { build, start: 'bun dist' } }, {}, { root }).plan).toMatchObject({ command: ['bun', 'dist'], ...bundled });
    expect(found({ scripts: { build, start: 'bun src/index.ts' } }, {}, { root }).plan).not.toHaveProperty('contents');
    expect(found({ private: true, scripts: { build } }, {}, { root, shared: true }).reason).toBeUndefined();
    for (const other of ['bun build a.ts b.ts --target bun --outdir dist', `${build} --packages external`, 'bun build src/index.ts --outdir dist'])
      expect(found({ private: true, scripts: { build: other } }, {}, { root }).reason).toBeUndefined();
  });
});

describe('NestJS', () => {
  const dependencies = { '@nestjs/core': '12' };
  const command = (files: Record<string, string>, scripts: Record<string, string> = { start: 'nest start' }) => {
    const { id, plan } = found({ dependencies, scripts: { build: 'nest build', ...scripts } }, files);
    return [id, plan.kind === 'server' ? plan.command?.join(' ') : undefined];
  };
  it.each([
    ['the usual', { 'nest-cli.json': '{}' }, 'node dist/main.js'],
    ['an entry file, with comments', { 'nest-cli.json': '{ "entryFile": "server", /* x */ "sourceRoot": "src", }' }, 'node dist/server.js'],
    ['another outDir', { 'nest-cli.json': '{}', 'tsconfig.json': '{ "compilerOptions": { "outDir": "./build/" } }' }, 'node build/main.js'],
    [
      'a source outside, which tsc keeps the level for',
      { 'nest-cli.json': '{}', 'tsconfig.build.json': '{ "exclude": ["test", "**/*spec.ts"] }', 'src/main.ts': '', 'prisma/seed.ts': '' },
      'node dist/src/main.js',
    ],
    [
      'a source outside that is excluded',
      { 'nest-cli.json': '{}', 'tsconfig.build.json': '{ "exclude": ["test", "**/*spec.ts"] }', 'test/e2e.ts': '', 'a.spec.ts': '', 'b.d.ts': '' },
      'node dist/main.js',
    ],
    ['a source outside, bundled', { 'nest-cli.json': '{ "compilerOptions": { "webpack": true } }', 'prisma/seed.ts': '' }, 'node dist/main.js'],
    ['rootDir on top', { 'nest-cli.json': '{}', 'tsconfig.json': '{ "compilerOptions": { "rootDir": "." } }' }, 'node dist/src/main.js'],
    [
      "Nest's own monorepo",
      { 'nest-cli.json': '{ "monorepo": true, "root": "apps/api", "sourceRoot": "apps/api/src" }' },
      'node dist/apps/api/main.js',
    ],
    ['no nest-cli.json', {}, 'node dist/main.js'],
  ])('starts %s', (_what, files, expected) => expect(command(files)).toEqual(['nest', expected]));

  it('believes a script for production', () =>
    expect(command({ 'nest-cli.json': '{}' }, { start: 'nest start', 'start:prod': 'node dist/src/main' })).toEqual(['nest', 'node dist/src/main']));
});

describe('the Node major', () => {
  const noRange = { engines: { node: 'any' } };
  it.each([
    [{}, {}, {}, {}, 24],
    [{ engines: { node: '>=20 <23' } }, {}, {}, {}, 22],
    [{ engines: { node: '^20.10.0' } }, {}, {}, {}, 20],
    [{ engines: { node: '>=26.1' } }, {}, {}, {}, 26],
    [noRange, {}, {}, {}, 24],
    [{}, {}, { '.nvmrc': 'v22.3.0\n' }, {}, 22],
    [{}, { '.node-version': '20.1.0' }, { '.nvmrc': '22' }, {}, 20],
    [{ volta: { node: '20.11.1' } }, {}, {}, {}, 20],
    [{}, {}, {}, { node: 26 }, 26],
    [{}, {}, { '.nvmrc': 'lts/jod\n' }, {}, 22],
    [{}, {}, { '.tool-versions': 'pnpm 10.1.0\nnodejs 20.11.0\n' }, {}, 20],
    [{}, {}, { 'mise.toml': '[env]\nnode = "18"\n[tools]\npnpm = "10"\nnode = "22.3"\n' }, {}, 22],
    [{}, { 'mise.toml': '[tools]\nnode = ["20", "22"]\n' }, {}, {}, 20],
    [{ devEngines: { runtime: [{ name: 'bun' }, { name: 'node', version: '^22.4.0' }] } }, {}, {}, {}, 22],
  ] as const)('%j with %j and above %j told %j is %i', (manifest, files, above, config, major) =>
    expect(nodeVersion(appOf(manifest, files, { above, config }))).toMatchObject({ major, diagnostics: manifest === noRange ? [{}] : [] }),
  );

  it.each([
    [
      { engines: { node: '>=14 <16' } },
      {},
      'apps/web/package.json (engines.node) asks for Node 14, for which there may be no image: Node 14 is taken.',
    ],
    [{ engines: { node: '>=99' } }, {}, 'apps/web/package.json (engines.node) asks for Node 99, for which there may be no image: Node 99 is taken.'],
    [{ engines: { node: 'banana' } }, {}, 'apps/web/package.json (engines.node) is no range of versions: "banana": Node 24 is taken.'],
    [
      { engines: { node: '>=22 <20' } },
      {},
      'apps/web/package.json (engines.node) asks for >=22 <20, which no Node is that all ranges allow: Node 24 is taken.',
    ],
    [{}, { '.nvmrc': '99' }, 'apps/web/.nvmrc asks for Node 99, for which there may be no image: Node 99 is taken.'],
  ])('warns of %j with %j', (manifest, files, message) =>
    expect(nodeVersion(appOf(manifest, files)).diagnostics).toMatchObject([{ level: 'warning', code: 'node-version-unfit', message }]),
  );
});
