import { readFileSync } from 'node:fs';
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
