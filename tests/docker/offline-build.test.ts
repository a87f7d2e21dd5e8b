import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { build, stageOf } from '../kit/engine.ts';
import { Repository } from '../kit/repository.ts';
import { describeWith } from '../kit/requirements.ts';

const versions = [
  ['pnpm-node-and-vite', 'pnpm@10.34.9', ['install', '--lockfile-only', '--ignore-scripts']],
  ['pnpm-node-and-vite', 'pnpm@11.28.11', ['install', '--lockfile-only', '--ignore-scripts', '--no-frozen-lockfile']],
  ['pnpm-node-and-vite', 'pnpm@12.21.0', ['install', '--lockfile-only', '--ignore-scripts', '--no-frozen-lockfile']],
  ['npm-node-and-vite', 'npm@10.9.9', ['install', '--package-lock-only', '--ignore-scripts']],
  ['npm-node-and-vite', 'npm@11.19.1', ['install', '--package-lock-only', '--ignore-scripts']],
  ['npm-node-and-vite', 'npm@12.2.0', ['install', '--package-lock-only', '--ignore-scripts']],
] as const;

describeWith(['docker'], 'the build stage installs nothing and needs no network', () => {
  let repository: Repository | undefined;
  afterEach(() => repository?.remove());

  it.each(versions)('%s with %s', async (example, packageManager, relock) => {
    repository = Repository.ofExample(example);
    repository.write('package.json', repository.read('package.json').replace(/"packageManager": ".*"/, `"packageManager": "${packageManager}"`));
    repository.edit('packages/tides/package.json', (text) => text.replace('"bin"', '"scripts": { "prepare": "node -e 0" },\n  "bin"'));
    const node =
      packageManager.startsWith('pnpm@1') && !packageManager.startsWith('pnpm@10')
        ? ['--package=node@22', `--package=${packageManager}`, '--', 'pnpm']
        : [packageManager];
    repository.run('npx', '--yes', ...node, ...relock);
    repository.commit('relock');
    const { plan, folder } = await repository.pack('@harbor/api');
    expect(plan.packageManager.version).toBe(packageManager.split('@')[1]);
    const dockerfile = join(folder, 'Dockerfile');
    const [before, after] = readFileSync(dockerfile, 'utf8').split(/(?=^FROM deps AS build$)/m) as [string, string];
    const [stage, rest] = after.split(/(?=^FROM build AS output$)/m) as [string, string];
    writeFileSync(dockerfile, before + stage.replace(/^RUN /gm, 'RUN --network=none ') + rest);
    const steps = await build(folder, `stowage-test/offline-${packageManager.replace('@', '-')}`, '--target=build');
    expect(stageOf(steps, 'build')).toBeDefined();
  });
});
