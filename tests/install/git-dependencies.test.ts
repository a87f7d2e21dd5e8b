import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PackageManagerId } from '@stowage/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InventedRegistry, startRegistry } from '../fuzz/registry.ts';
import { packedInstall } from '../kit/packed-install.ts';
import { Repository } from '../kit/repository.ts';
import { smallMonorepo } from '../kit/small-monorepo.ts';

const releases: readonly (readonly [PackageManagerId, string])[] = [
  ['pnpm', '10.34.9'],
  ['pnpm', '12.21.0'],
  ['npm', '11.19.1'],
  ['npm', '12.2.0'],
  ['yarn-classic', '1.22.22'],
  ['yarn-berry', '4.18.1'],
  ['bun', '1.3.11'],
  ['bun', '1.4.5'],
];

let registry: InventedRegistry;
let server: Server;
const published = new Map<string, Repository>();
beforeAll(async () => {
  registry = await startRegistry();
  for (const name of ['needed', 'unused']) {
    const repository = Repository.of({
      'package.json': JSON.stringify({ name, version: '1.2.3', dependencies: { below: '^1.0.0' } }),
      'index.js': 'module.exports = 1;\n',
    });
    repository.git('update-server-info');
    published.set(name, repository);
  }
  // Git clones from a server that only hands out files.
  server = createServer((request, response) => {
    const [, name = '', path = ''] = /^\/(\w+)\.git\/([^?]*)/.exec(request.url ?? '') ?? [];
    const file = join(published.get(name)?.folder ?? '', '.git', path);
    const found = published.has(name) && path !== '' && existsSync(file);
    response.writeHead(found ? 200 : 404);
    response.end(found ? readFileSync(file) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await registry.close();
  server.close();
  for (const repository of published.values()) repository.remove();
});

/** Yarn berry reads no address of a file, and bun before 1.4 finds no commit there. */
function addressOf(id: PackageManagerId, name: string): string {
  const { folder } = published.get(name) as Repository;
  const commit = execFileSync('git', ['-C', folder, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  if (id !== 'yarn-berry' && id !== 'bun') return `git+${pathToFileURL(folder).href}#${commit}`;
  return `git+http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}.git#${id === 'bun' ? '' : 'commit='}${commit}`;
}

it.each(releases)('%s %s installs packages that git holds', async (id, version) => {
  const [needed, unused] = [addressOf(id, 'needed'), addressOf(id, 'unused')];
  const repository = smallMonorepo(id, version, {
    published: [{ name: 'below', version: '1.0.0' }],
    manifests: { app: { dependencies: { needed } }, other: { dependencies: { needed, unused } } },
    ...(id === 'yarn-berry' ? { settings: { approvedGitRepositories: ['**'] } } : {}),
    ...(id === 'npm' ? { npmrc: { 'allow-git': 'all' } } : {}),
  });
  const installed = await packedInstall(repository, registry);
  if (installed !== undefined) expect(installed).toEqual({ deps: ['below@1.0.0', 'needed@1.2.3'], prod: ['below@1.0.0', 'needed@1.2.3'] });
});
