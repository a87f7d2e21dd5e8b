import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram, repository } from '../kit/cli.ts';
import { build, Container, stageOf } from '../kit/engine.ts';
import { releasedProgram } from '../kit/released-program.ts';
import { describeWith } from '../kit/requirements.ts';

/** One in the usual run; `npm run test:nx` names all. */
const wanted = (process.env.STOWAGE_NX ?? '23').split(',');
const combinations = [
  { nx: '22.7.12', manager: 'pnpm@10.34.9', field: 'pnpm' },
  { nx: '23.2.1', manager: 'npm@11.19.1', field: 'npm' },
  { nx: '24.0.6', manager: 'yarn@1.22.22', field: 'yarn' },
].filter(({ nx }) => wanted.includes(nx.split('.')[0] ?? ''));

/** What Nx says of tasks that it did not run. */
const fromCache = /read the output from the cache/;

/** The commands of the first block of docs/nx.md, as a reader copies them. */
const documented = (/```sh\n([\s\S]*?)```/.exec(readFileSync(join(repository, 'docs/nx.md'), 'utf8'))?.[1] ?? '').trim().split('\n');

describeWith(['docker'], 'an Nx workspace', () => {
  let vendor: string;
  beforeAll(async () => {
    await buildProgram();
    vendor = mkdtempSync(join(tmpdir(), 'stowage-nx-vendor-'));
    const pnpm = releasedProgram('pnpm@10.34.9') as string;
    for (const name of ['core', 'nx-plugin']) run(pnpm, ['pack', '--pack-destination', vendor], join(repository, 'packages', name));
  });
  afterAll(() => rmSync(vendor, { recursive: true, force: true }));

  describe.each(combinations)('Nx $nx, $manager', ({ nx, manager, field }) => {
    const app = `nx-api-${nx.split('.')[0]}`;
    let folder: string;
    let env: NodeJS.ProcessEnv;
    const shell = (command: string) => run('sh', ['-c', command], folder, env);
    const projects = () => JSON.parse(shell('npx nx show projects --json').stdout).sort();

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'stowage-nx-'));
      const bin = dirname(releasedProgram(manager) as string);
      env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', CI: 'true' };
      layOut(folder, vendor, app, manager, field);
      shell(`git init --quiet && ${manager.split('@')[0]} install && npx --yes nx@${nx} init --interactive=false --nxCloud=false`);
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
      spawnSync('docker', ['image', 'rm', '--force', app]);
    });

    test('the documented steps: added, listed, pruned, built; the container answers', async () => {
      for (const line of documented) {
        const command = line.replace(/@stowage\/nx$/, '@stowage/nx@file:./vendor/stowage-nx-0.0.0.tgz').replace(/\bapi:/, `${app}:`);
        const { stdout } = shell(command);
        if (line.includes('show projects')) expect(stdout.trim().split('\n')).toEqual([app]);
      }
      const container = Container.start(app, 3000);
      expect(await (await container.get('/')).text()).toBe('42');
      container.stop();
    });

    test('the folder comes from the cache of Nx, each step from that of BuildKit', async () => {
      rmSync(join(folder, 'out'), { recursive: true });
      expect(shell(`npx nx run ${app}:docker-prune`).stdout).toMatch(fromCache);
      const steps = await build(join(folder, 'out', app), app);
      expect(['deps', 'prod-deps', 'build', 'runtime'].map((stage) => stageOf(steps, stage) ?? 'cached')).toEqual([
        'cached',
        'cached',
        'cached',
        'cached',
      ]);
    });

    test('a change of a source writes the folder anew; one of another package does not', () => {
      writeFileSync(join(folder, 'packages/other/index.js'), 'module.exports = 1;\n');
      expect(shell(`npx nx run ${app}:docker-prune`).stdout).toMatch(fromCache);
      writeFileSync(join(folder, 'packages/lib/index.js'), 'exports.answer = 43;\n');
      expect(shell(`npx nx run ${app}:docker-prune`).stdout).not.toMatch(fromCache);
      expect(readFileSync(join(folder, 'out', app, 'src/packages/lib/index.js'), 'utf8')).toContain('43');
    });

    test('Nx works on, with what Stowage wrote lying there', () => {
      expect(readdirSync(join(folder, 'out'))).toEqual([app]);
      expect(projects()).toEqual(expect.arrayContaining(['lib', app, 'other']));
      shell('npx nx graph --file=graph.json');
      expect(Object.keys(JSON.parse(readFileSync(join(folder, 'graph.json'), 'utf8')).graph.nodes)).toContain(app);
      const { targets } = JSON.parse(shell(`npx nx show project ${app} --json`).stdout);
      expect(Object.keys(targets)).toEqual(expect.arrayContaining(['docker', 'docker-prune', 'docker-run']));
    });

    test('removed, the targets are gone', () => {
      shell('npx nx generate @stowage/nx:remove');
      expect(JSON.parse(readFileSync(join(folder, 'nx.json'), 'utf8')).plugins ?? []).not.toContainEqual(
        expect.objectContaining({ plugin: '@stowage/nx' }),
      );
    });
  });
});

/** A package-based workspace without packages of a registry; Stowage's own lie in it as tarballs. */
function layOut(folder: string, vendor: string, app: string, manager: string, field: string): void {
  const core = { '@stowage/core': 'file:./vendor/stowage-core-0.0.0.tgz' };
  const settings: Record<string, unknown> = {
    npm: { overrides: core },
    pnpm: { pnpm: { overrides: core } },
    yarn: { resolutions: core, devDependencies: { '@nx/devkit': '24.0.0' } },
  };
  const link = field === 'pnpm' ? 'workspace:*' : '*';
  const files: Record<string, string> = {
    'package.json': JSON.stringify({
      name: 'root',
      private: true,
      packageManager: manager,
      workspaces: ['packages/*'],
      ...(settings[field] as object),
    }),
    '.gitignore': 'node_modules\n.nx\n',
    'packages/api/package.json': JSON.stringify({
      name: app,
      version: '1.0.0',
      scripts: { build: 'node build.js', start: 'node dist/main.js' },
      dependencies: { lib: link },
    }),
    'packages/api/build.js':
      "const fs = require('node:fs');\nfs.mkdirSync('dist', { recursive: true });\nfs.copyFileSync('main.js', 'dist/main.js');\n",
    'packages/api/main.js':
      "require('node:http').createServer((_, answer) => answer.end(String(require('lib').answer))).listen(process.env.PORT ?? 3000);\nprocess.on('SIGTERM', () => process.exit(0));\n",
    'packages/lib/package.json': '{ "name": "lib", "version": "1.0.0" }',
    'packages/lib/index.js': 'exports.answer = 42;\n',
    'packages/other/package.json': '{ "name": "other", "version": "1.0.0" }',
    'packages/other/index.js': '',
    ...(field === 'pnpm' ? { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' } : {}),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  mkdirSync(join(folder, 'vendor'));
  for (const name of readdirSync(vendor)) writeFileSync(join(folder, 'vendor', name), readFileSync(join(vendor, name)));
}

function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): { readonly stdout: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.at(-1)} failed (${status}):\n${stdout}\n${stderr}`);
  return { stdout };
}
