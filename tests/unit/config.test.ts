import { readFileSync } from 'node:fs';
import { explainConfig, findApp, readWorkspace } from '@stowage/core';
import { afterEach, describe, expect, it } from 'vitest';
import { appConfigKeys } from '../../packages/core/src/config/schema.ts';
import { Repository } from '../kit/repository.ts';

describe('the configuration', () => {
  let repository: Repository | undefined;
  afterEach(() => repository?.remove());

  it('is documented key by key', () => {
    const text = readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8');
    expect([...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key)).toEqual(appConfigKeys);
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
  });
});
