import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainApp, findApp, pack, readWorkspace } from '@stowage/core';
import { toJsonSchema } from '@valibot/to-json-schema';
import { afterEach, describe, expect, it } from 'vitest';
import { literalModule } from '../../packages/core/src/config/literal-module.ts';
import { explainConfig } from '../../packages/core/src/config/resolve-config.ts';
import { appConfigKeys, rootConfigSchema } from '../../packages/core/src/config/schema.ts';
import { Repository } from '../kit/repository.ts';

describe('the configuration', () => {
  let repository: Repository | undefined;
  afterEach(() => repository?.remove());

  it('is documented key by key', () => {
    const text = readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8');
    expect([...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key)).toEqual(appConfigKeys);
  });

  it('has a JSON Schema, which `vitest -u` writes anew', async () => {
    const schema = toJsonSchema(rootConfigSchema, { ignoreActions: ['regex'] });
    await expect(`${JSON.stringify({ ...schema, title: 'Stowage' }, null, 2)}\n`).toMatchFileSnapshot('../../packages/cli/schema.json');
  });

  it('takes the nearest value, and says where it came from', async () => {
    repository = Repository.ofExample('npm-node-and-vite');
    repository.write('stowage.json', '{ "node": 22, "port": 1000, "apps": { "@harbor/api": { "port": 2000, "init": false } } }');
    repository.write('apps/api/stowage.jsonc', '{\n  // said here\n  "port": 3000,\n}');
    const workspace = await readWorkspace(repository.folder);
    expect(explainConfig(workspace, findApp(workspace, '@harbor/api'))).toEqual([
      { key: 'init', value: false, source: 'stowage.json (apps.@harbor/api)' },
      { key: 'node', value: 22, source: 'stowage.json' },
      { key: 'port', value: 3000, source: 'apps/api/stowage.jsonc' },
    ]);
    const resolutions = [{ name: 'isolated-vm', version: '1.0.0', neededBy: ['apps/web'], runtime: true }];
    const { closure } = await pack(workspace, '@harbor/web');
    expect(explainApp(workspace, findApp(workspace, '@harbor/web'), { closure, resolutions })).toEqual(
      expect.arrayContaining([
        { key: 'preset', value: 'vite', source: expect.stringContaining('vite.config') },
        { key: 'buildWith', value: 'package-manager', source: 'default' },
        { key: 'node', value: 22, source: 'stowage.json' },
        { key: 'output', value: 'dist', source: 'preset vite' },
        { key: 'systemPackages', value: ['python3', 'make', 'g++'], source: 'packages of package-lock.json' },
      ]),
    );
  });

  it.each([
    ['{ "prot": 1 }', 'Unknown key "prot".', /port/, 1],
    ['{\n  "runtime": "alpin" }', '"runtime" must be "slim" or "distroless" or "alpine", not "alpin".', /alpine/, 2],
    ['{ "port": "80" }', '"port" must be a number, not "80".', /^port: Port that/, 1],
    ['{ "port": 0 }', '"port" must be a port, from 1 to 65535, not 0.', /^port: /, 1],
    ['{ "env": { "A-B": "" } }', '"env.A-B" must be the name of an environment variable, not "A-B".', /^env: /, 1],
    ['{ "volumes": [\n "data"] }', '"volumes.0" must be an absolute path, not "data".', /^volumes: /, 2],
    ['{ "start": "" }', '"start" must not be empty, not "".', /^start: /, 1],
    [
      String.raw`{ "env": { "A": "x\nUSER root" } }`,
      String.raw`"env.A" must be one line, without control characters, not "x\nUSER root".`,
      /^env: /,
      1,
    ],
    ['{ "publicPath": "/a b; {x/" }', '"publicPath" must be the path of a URL, not "/a b; {x/".', /^publicPath: /, 1],
    [`{ "healthcheck": "/'; id" }`, `"healthcheck" must be the path of a URL, not "/'; id".`, /^healthcheck: /, 1],
    ['{ "build": true }', '"build" must be a text or false, not true.', /^build: /, 1],
    ['{ "include": "x" }', '"include" must be a list, not "x".', /^include: /, 1],
    ['{ "env": [] }', '"env" must be an object, not [].', /^env: /, 1],
    ['{\n  "labels": ["a"] }', '"labels" must be an object, not ["a"].', /^labels: /, 2],
    ['{ "baseImages": { "nod:24": "x" } }', /^"baseImages.nod:24" must be an image that Stowage takes/, /^baseImages: /, 1],
    ['{ "baseImages": { "node": "a b" } }', '"baseImages.node" must be the name of an image, not "a b".', /^baseImages: /, 1],
    ['{ "apps": {} }', 'Unknown key "apps".', /at the root alone/, 1],
    ['[]', 'apps/api/stowage.json is no object.', /one JSON object/, 1],
    ['null', 'apps/api/stowage.json is no object.', /one JSON object/, 1],
    ['{ "port": 1,\n "port": 2 }', '"port" is there twice.', /Keep one/, 2],
    ['{ "env": { "A": "1",\n "A": "2" } }', '"A" is there twice.', /Keep one/, 2],
    ['{', 'apps/api/stowage.json is not valid JSON: close brace expected.', /one JSON object/, 1],
  ])('says of %s what is wrong, where, and what would be right', async (text, message, hint, line) => {
    repository = Repository.ofExample('npm-node-and-vite');
    repository.write('apps/api/stowage.json', text);
    const workspace = await readWorkspace(repository.folder);
    expect(() => explainConfig(workspace, findApp(workspace, '@harbor/api'))).toThrow(
      expect.objectContaining({
        message: typeof message === 'string' ? message : expect.stringMatching(message),
        hint: expect.stringMatching(hint),
        where: expect.objectContaining({ file: 'apps/api/stowage.json', line }),
      }),
    );
  });

  it('names what may stand in the file that has an unknown key', async () => {
    repository = Repository.ofExample('npm-node-and-vite');
    repository.write('stowage.json', '{ "aps": {} }');
    const workspace = await readWorkspace(repository.folder);
    expect(() => explainConfig(workspace, findApp(workspace, '@harbor/api'))).toThrow(expect.objectContaining({ hint: 'Did you mean apps?' }));
  });

  it('finds an app by its name, with or without the scope, by its folder, and from where one stands', async () => {
    repository = Repository.ofExample('npm-node-and-vite');
    repository.write('stowage.json', '{ "apps": { "apps/api": { "port": 3 }, "api": { "port": 1, "init": false }, "@harbor/api": { "port": 2 } } }');
    const workspace = await readWorkspace(join(repository.folder, 'apps/api'));
    const api = findApp(workspace, 'api');
    expect(explainConfig(workspace, api).map(({ key, value, source }) => [key, value, source])).toEqual([
      ['init', false, 'stowage.json (apps.api)'],
      ['port', 3, 'stowage.json (apps.apps/api)'],
    ]);
    for (const wanted of ['.', './', '../api', 'apps/api/', '../../apps/api', join(workspace.root, 'apps/api')])
      expect(findApp(workspace, wanted), wanted).toBe(api);
    expect(findApp(workspace, '../web').name).toBe('@harbor/web');
    expect(findApp(workspace, workspace.root).id).toBe('.');
    expect(() => findApp(workspace, '../../../elsewhere')).toThrow(expect.objectContaining({ code: 'STW2001' }));
  });

  it('tells of files that nothing reads as a config', async () => {
    repository = Repository.ofExample('npm-node-and-vite');
    for (const path of ['stowage.yml', 'apps/api/stowage.config.js', 'apps/web/stowage.toml', 'stowage.sh']) repository.write(path, '');
    const { diagnostics } = await pack(await readWorkspace(repository.folder), '@harbor/api');
    expect(diagnostics.filter(({ code }) => code === 'config-unread').map(({ file }) => file)).toEqual(['stowage.yml', 'apps/api/stowage.config.js']);
  });

  it('tells of keys that mean nothing to an app, where they are told of it alone', async () => {
    repository = Repository.ofExample('npm-node-and-vite');
    repository.write(
      'stowage.json',
      '{ "init": false, "apps": { "@harbor/web": { "volumes": ["/data"], "port": 9000 }, "@harbor/api": { "publicPath": "/a" } } }',
    );
    const workspace = await readWorkspace(repository.folder);
    const idle = async (app: string) =>
      (await pack(workspace, app)).diagnostics.filter(({ code }) => code === 'key-without-effect').map(({ message, file }) => `${file}: ${message}`);
    expect(await idle('@harbor/web')).toEqual([
      'stowage.json: "volumes" means nothing to @harbor/web, a front end whose files a web server hands out.',
    ]);
    expect(await idle('@harbor/api')).toEqual(['stowage.json: "publicPath" means nothing to @harbor/api, a program.']);
  });

  it('may be a module, which is read and not run', async () => {
    repository = Repository.ofExample('npm-node-and-vite');
    repository.write(
      'stowage.config.ts',
      "import type { StowageConfig } from '@stowage/core';\n\n// all apps\nexport default {\n  node: 22,\n  apps: { '@harbor/api': { port: 8_080, labels: { `a.b`: 'it\\'s' }, } },\n} satisfies StowageConfig;\n".replace(
        '`a.b`',
        "'a.b'",
      ),
    );
    const workspace = await readWorkspace(repository.folder);
    expect(explainConfig(workspace, findApp(workspace, '@harbor/api')).map(({ key, value }) => [key, value])).toEqual([
      ['labels', { 'a.b': "it's" }],
      ['node', 22],
      ['port', 8080],
    ]);
  });

  it.each([
    ['a variable', 'export default {\n  node: major,\n}', 2],
    ['a call', 'export default defineConfig({})', 1],
    ['the environment', 'export default {\n\n  port: process.env.PORT }', 3],
    ['a spread', 'export default { ...base }', 1],
    ['a substitution', `export default { start: \`node $\{file}\` }`, 1],
    ['an import of values', "import { base } from './base';\nexport default { apps: {} }", 1],
    ['more than the object', 'export default {}\nconsole.log(1)', 1],
  ])('refuses %s with its line', (_what, text, line) => {
    expect(() => literalModule({ path: 'stowage.config.ts', text })).toThrow(
      expect.objectContaining({ code: 'STW2002', where: expect.objectContaining({ line }) }),
    );
  });

  it('keeps lines, so that a wrong value of a module is found', async () => {
    repository = Repository.ofExample('npm-node-and-vite');
    repository.write('stowage.config.ts', 'export default {\n  node: 22,\n  prot: 80,\n};\n');
    const workspace = await readWorkspace(repository.folder);
    expect(() => explainConfig(workspace, findApp(workspace, '@harbor/api'))).toThrow(
      expect.objectContaining({ where: { file: 'stowage.config.ts', line: 3, key: 'prot' }, hint: expect.stringContaining('port') }),
    );
  });
});
