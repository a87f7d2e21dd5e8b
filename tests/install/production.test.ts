import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PackageManagerId, pack, readWorkspace, writePlan } from '@stowage/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesOf, type InventedPackage, type InventedRepository } from '../fuzz/invented.ts';
import { type InventedRegistry, startRegistry } from '../fuzz/registry.ts';
import { frozenInstall, isAvailable, lockCommand, run } from '../fuzz/tools.ts';
import { installedPackages } from '../fuzz/tree.ts';

/** The first release that writes a lockfile that Stowage reads, or that does so on today's Node (pnpm), and the newest. */
const releases: readonly (readonly [PackageManagerId, string])[] = [
  ['pnpm', '7.33.7'],
  ['pnpm', '12.21.0'],
  ['npm', '7.24.2'],
  ['npm', '12.2.0'],
  ['yarn-classic', '1.10.0'],
  ['yarn-classic', '1.22.22'],
  ['yarn-berry', '3.2.0'],
  ['yarn-berry', '4.18.1'],
  ['bun', '1.1.39'],
  ['bun', '1.4.5'],
];

const published: readonly InventedPackage[] = [
  { name: 'direct', version: '1.0.0', dependencies: { below: '^1.0.0' }, optionalDependencies: { perhaps: '1.0.0' } },
  { name: 'below', version: '1.0.0' },
  { name: 'below', version: '2.0.0' },
  { name: 'perhaps', version: '1.0.0' },
  { name: 'of-the-root', version: '1.0.0' },
  { name: 'of-the-library', version: '1.0.0', peerDependencies: { shared: '*' } },
  { name: 'shared', version: '1.0.0' },
  { name: 'test-runner', version: '1.0.0', dependencies: { below: '^2.0.0', reporter: '1.0.0' } },
  { name: 'reporter', version: '1.0.0' },
  { name: 'bundler', version: '1.0.0' },
  { name: 'linter', version: '1.0.0' },
  { name: 'of-another-app', version: '1.0.0' },
];

function repositoryOf(id: PackageManagerId, version: string): InventedRepository {
  const local = id === 'npm' || id === 'yarn-classic' ? '*' : 'workspace:*';
  return {
    manager: { id, version },
    registry: published,
    importers: [
      {
        id: '.',
        manifest: {
          name: 'root',
          private: true,
          packageManager: `${id.startsWith('yarn') ? 'yarn' : id}@${version}`,
          ...(id === 'pnpm' ? {} : { workspaces: ['packages/*'] }),
          dependencies: { 'of-the-root': '1.0.0' },
          devDependencies: { linter: '1.0.0' },
        },
      },
      {
        id: 'packages/app',
        manifest: {
          name: 'app',
          version: '1.0.0',
          dependencies: { direct: '^1.0.0', library: local, shared: '1.0.0' },
          devDependencies: { 'test-runner': '1.0.0', tools: local },
        },
      },
      {
        id: 'packages/library',
        manifest: {
          name: 'library',
          version: '1.0.0',
          dependencies: { 'of-the-library': '1.0.0', shared: '1.0.0' },
          devDependencies: { bundler: '1.0.0' },
        },
      },
      { id: 'packages/tools', manifest: { name: 'tools', version: '1.0.0', dependencies: { reporter: '1.0.0' } } },
      { id: 'packages/other', manifest: { name: 'other', version: '1.0.0', dependencies: { 'of-another-app': '1.0.0' } } },
    ],
    ...(id === 'pnpm' ? { settings: { packages: ['packages/*'] } } : {}),
    ...(id === 'yarn-berry' ? { settings: { nodeLinker: 'node-modules' } } : {}),
  };
}

let registry: InventedRegistry;
let work: string;
beforeAll(async () => {
  registry = await startRegistry();
  work = mkdtempSync(join(tmpdir(), 'stowage-production-'));
});
afterAll(async () => {
  await registry.close();
  rmSync(work, { recursive: true, force: true });
});

it.each(releases)('%s %s installs at run time what the app needs then, and nothing else', async (id, version) => {
  const manager = { id, version };
  if (!isAvailable(manager)) {
    if (process.env.STOWAGE_REQUIRE_ALL === '1') throw new Error(`${id} ${version} cannot be fetched from the registry`);
    return console.warn(`SKIPPED ${id} ${version}: the registry does not answer`);
  }
  const folder = join(work, `${id}-${version}`);
  const [source, out, installed, home] = [join(folder, 'source'), join(folder, 'out'), join(folder, 'installed'), join(folder, 'home')];
  const url = registry.serve(published);
  for (const [path, text] of Object.entries(filesOf(repositoryOf(id, version)))) {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    writeFileSync(join(source, path), text);
  }
  const locked = await run(manager, lockCommand(manager), source, url, home);
  expect(locked.ok, locked.output).toBe(true);
  rmSync(join(source, 'node_modules'), { recursive: true, force: true });

  const workspace = await readWorkspace(source);
  const plan = await pack(workspace, 'app', { imports: false });
  await writePlan(plan, workspace, out);
  cpSync(join(out, 'prod'), installed, { recursive: true, verbatimSymlinks: true });
  const frozen = await run(manager, frozenInstall(plan.packageManager, 'prod'), installed, url, home);
  expect(frozen.ok, frozen.output).toBe(true);
  expect(readFileSync(join(installed, workspace.lockfile.path), 'utf8')).toBe(readFileSync(join(out, 'prod', workspace.lockfile.path), 'utf8'));
  expect([...installedPackages(installed)].filter((name) => !/^(app|library|root)@/.test(name)).sort()).toEqual([
    'below@1.0.0',
    'direct@1.0.0',
    'of-the-library@1.0.0',
    'of-the-root@1.0.0',
    'perhaps@1.0.0',
    'shared@1.0.0',
  ]);
});
