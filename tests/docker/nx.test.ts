import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, buildProgram, repository } from '../kit/cli.ts';
import { build, Container, stageOf } from '../kit/engine.ts';
import { NxWorkspace, packStowage } from '../kit/nx-workspace.ts';
import { describeWith } from '../kit/requirements.ts';

/** One in the usual run, with its documented steps; `npm run test:nx` names all, and asks more of them. */
const { STOWAGE_NX: named } = process.env;
const combinations = [
  { nx: '22.7.12', manager: 'pnpm@10.34.9', nxDocker: '22.7.12' },
  { nx: '23.2.1', manager: 'npm@11.19.1', nxDocker: '23.2.1' },
  { nx: '24.0.6', manager: 'yarn@1.22.22', nxDocker: '23.2.1' }, // the newest there is
].filter(({ nx }) => (named ?? '23').split(',').includes(nx.split('.')[0] ?? ''));

/** What Nx says of tasks that it did not run. */
const fromCache = /read the output from the cache/;

/** The commands of docs/nx.md, block by block, as a reader copies them. */
const page = readFileSync(join(repository, 'docs/nx.md'), 'utf8');
const [documented = [], removal = [], platforms = []] = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block.trim().split('\n'));

describeWith(['docker'], 'an Nx workspace', () => {
  let vendor: string;
  beforeAll(async () => {
    await buildProgram();
    vendor = packStowage();
  });
  afterAll(() => rmSync(vendor, { recursive: true, force: true }));

  describe.each(combinations)('Nx $nx, $manager', ({ nx, manager, nxDocker }) => {
    const major = nx.split('.')[0];
    const [app, worker] = [`nx-api-${major}`, `nx-worker-${major}`];
    let workspace: NxWorkspace;
    const shell = (command: string) => workspace.shell(command);
    const pruned = (project: string) => join(workspace.folder, 'out', project);

    beforeAll(() => {
      workspace = new NxWorkspace({ nx, manager }, vendor, { api: app, worker });
    });
    afterAll(() => {
      workspace?.remove();
      const ours = [`nx-*-${major}`, `acme/nx-*-${major}`, 'packages-worker'].map((name) => `--filter=reference=${name}`);
      const { stdout } = spawnSync('docker', ['image', 'ls', '--format={{.Repository}}:{{.Tag}}', ...ours], { encoding: 'utf8' });
      spawnSync('docker', ['image', 'rm', '--force', ...stdout.split('\n').filter((line) => line !== '')]);
    });

    test('the documented steps: added, listed, pruned, built; the container answers', async () => {
      expect(documented).not.toEqual([]);
      for (const line of documented) {
        const { stdout } = shell(ofThisTest(line));
        if (line.includes('show projects')) expect(stdout.trim().split('\n').sort()).toEqual([app, worker]);
      }
      const container = Container.start(app, 3000);
      expect(await (await container.get('/')).text()).toBe('42');
      container.stop();
    });

    test('the folder comes from the cache of Nx, each step from that of BuildKit', async () => {
      rmSync(join(workspace.folder, 'out'), { recursive: true });
      expect(shell(`npx nx run ${app}:docker-prune`).stdout).toMatch(fromCache);
      const steps = await build(pruned(app), app);
      expect(['deps', 'prod-deps', 'build', 'runtime'].map((stage) => stageOf(steps, stage) ?? 'cached')).toEqual([
        'cached',
        'cached',
        'cached',
        'cached',
      ]);
    });

    test('a change of a source writes the folder anew; one of another package does not', () => {
      workspace.write('packages/other/index.js', 'exports.answer = 8;\n');
      expect(shell(`npx nx run ${app}:docker-prune`).stdout).toMatch(fromCache);
      workspace.write('packages/lib/index.js', 'exports.answer = 43;\n');
      expect(shell(`npx nx run ${app}:docker-prune`).stdout).not.toMatch(fromCache);
      expect(readFileSync(join(pruned(app), 'src/packages/lib/index.js'), 'utf8')).toContain('43');
    });

    test('Nx works on, with what Stowage wrote lying there', () => {
      expect(readdirSync(join(workspace.folder, 'out'))).toEqual([app]);
      expectNxToWork();
    });

    if (named !== undefined) moreTests();

    test('removed, the targets are gone', () => {
      expect(removal).not.toEqual([]);
      for (const line of removal) shell(line);
      expect(workspace.json('nx.json').plugins ?? []).not.toContainEqual(expect.objectContaining({ plugin: '@stowage/nx' }));
    });

    /** A command of the page with this test's app and tarball. */
    function ofThisTest(line: string): string {
      return line.replace(/ @stowage\/nx$/, ' @stowage/nx@file:./vendor/stowage-nx-0.0.0.tgz').replace(/\bapi(?=:|$)/, app);
    }

    /** What scripts ask of Nx: each a JSON document and nothing else on the standard output. */
    function expectNxToWork(): void {
      expect(JSON.parse(shell('npx nx show projects --json').stdout)).toEqual(expect.arrayContaining(['lib', app, 'other', worker]));
      shell('npx nx graph --file=out/graph.json');
      const { graph } = workspace.json('out/graph.json') as { graph: { nodes: Record<string, unknown> } };
      expect(Object.keys(graph.nodes)).toContain(app);
      rmSync(join(workspace.folder, 'out/graph.json'));
      const { targets } = JSON.parse(shell(`npx nx show project ${app} --json`).stdout);
      expect(Object.keys(targets)).toEqual(expect.arrayContaining(['docker', 'docker-prune', 'docker-run']));
    }

    function moreTests(): void {
      test('many at once; an image of the same content is tagged, and nothing built', async () => {
        expect(shell('npx nx run-many -t docker --output-style=static').stdout).toMatch(
          new RegExp(`Built ${app}\\b[\\s\\S]*Built ${worker}\\b|Built ${worker}\\b[\\s\\S]*Built ${app}\\b`),
        );
        const id = () => shell(`docker image inspect --format={{.Id}} ${app}`).stdout;
        const before = id();
        const again = shell(`npx nx run ${app}:docker --tag={projectName}:again --tag=${app}`).stdout;
        expect(again).toContain(`Nothing to build: an image of the same content is there, tagged ${app}:again, ${app}`);
        expect(id()).toBe(before);
      });

      test('a change of a library concerns the apps that use it, and no other', () => {
        workspace.commit();
        workspace.write('packages/lib/index.js', 'exports.answer = 44;\n');
        workspace.commit();
        expect(shell('npx nx show projects --affected --base=HEAD~1 --with-target docker').stdout.trim()).toBe(app);
        const { stdout } = shell('npx nx affected -t docker --base=HEAD~1 --output-style=static');
        expect(stdout).toContain(`Built ${app}`);
        expect(stdout).not.toContain(`${worker}:docker`);
      });

      test('docker-run: in the foreground, with the ports told, until it is interrupted', async () => {
        const words = [`${app}:docker-run`, '--publish=127.0.0.1::3000', `--args=--name=${app}`];
        const task = spawn('npx', ['nx', 'run', ...words], { cwd: workspace.folder, env: workspace.env, detached: true });
        try {
          const container = await Container.named(app);
          expect(await (await container.get('/')).text()).toBe('44');
        } finally {
          process.kill(-(task.pid as number), 'SIGINT');
        }
        for (let attempt = 0; attempt < 40 && running(app); attempt++) await setTimeout(250);
        expect(running(app)).toBe(false);
      });

      test('Nx works on after every command that writes, with its default output', () => {
        const own = [`prune ${app}`, `bake ${app} ${worker}`, 'affected --base HEAD~1', `init --write --dockerfile ${app}`];
        expect(platforms).not.toEqual([]);
        for (const command of [...own.map((words) => `${process.execPath} ${bin} ${words}`), ...platforms.map(ofThisTest)]) {
          shell(command);
          expect([command, JSON.parse(shell('npx nx show projects --json').stdout).sort()]).toEqual([command, ['lib', app, 'other', worker].sort()]);
        }
        expectNxToWork();
      });

      test('@nx/docker beside it: its targets and these; a release tags the image that is named {imageRef}', () => {
        const add = {
          npm: 'npm install --save-dev',
          pnpm: 'pnpm add --workspace-root --save-dev',
          yarn: 'yarn add --ignore-workspace-root-check --dev',
        };
        shell(`${add[workspace.manager as keyof typeof add]} @nx/docker@${nxDocker} @nx/js@${nxDocker}`);
        workspace.write('packages/worker/Dockerfile', 'FROM scratch\n');
        workspace.write(
          'packages/worker/project.json',
          JSON.stringify({ targets: { docker: { options: { tag: ['{projectName}', '{imageRef}'] } } } }),
        );
        const release = {
          projects: [worker],
          projectsRelationship: 'independent',
          docker: { skipVersionActions: true, repositoryName: `acme/${worker}` },
        };
        const { plugins } = workspace.json('nx.json') as { plugins: unknown[] };
        workspace.write(
          'nx.json',
          JSON.stringify({
            ...workspace.json('nx.json'),
            plugins: ['@nx/docker', ...plugins],
            release: { docker: { preVersionCommand: `npx nx run ${worker}:docker` }, groups: { apps: release } },
          }),
        );
        const { targets } = JSON.parse(shell(`npx nx show project ${worker} --json`).stdout);
        expect(Object.keys(targets)).toEqual(expect.arrayContaining(['docker', 'docker:build', 'docker:run', 'docker-prune', 'nx-release-publish']));
        workspace.commit();
        shell('npx nx release version --dockerVersionScheme=production --first-release');
        const tagged = shell(`docker image ls --format={{.ID}} acme/${worker}`).stdout;
        expect(tagged).toBe(shell(`docker image ls --format={{.ID}} ${worker}`).stdout);
      });
    }
  });
});

function running(name: string): boolean {
  return spawnSync('docker', ['ps', '--quiet', `--filter=name=^${name}$`], { encoding: 'utf8' }).stdout.trim() !== '';
}
