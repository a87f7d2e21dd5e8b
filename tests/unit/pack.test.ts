import { type PackPlan, pack, planJson, readWorkspace, type Workspace } from '@stowage/core';
import { DockerfileParser } from 'dockerfile-ast';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Repository } from '../kit/repository.ts';

const textOf = (plan: PackPlan, path: string): string => {
  const file = plan.files.find((each) => each.path === path);
  return file !== undefined && 'text' in file ? file.text : '';
};

describe.each(['pnpm-node-and-vite', 'npm-node-and-vite'])('the plan of %s', (example) => {
  let repository: Repository;
  let workspace: Workspace;
  let plan: PackPlan;
  beforeAll(async () => {
    repository = Repository.ofExample(example);
    workspace = await readWorkspace(repository.folder);
    plan = await pack(workspace, '@harbor/api');
  });
  afterAll(() => repository.remove());

  const replan = async (): Promise<PackPlan> => pack(await readWorkspace(repository.folder), '@harbor/api');
  const afterEdit = async (...[path, change]: Parameters<Repository['edit']>): Promise<PackPlan> => {
    repository.edit(path, change);
    try {
      return await replan();
    } finally {
      repository.restore();
    }
  };

  it('holds the app with its workspace packages, and no other app', () => {
    expect(plan.closure.build).toEqual(['apps/api', 'packages/greeting', 'packages/tides']);
    expect(plan.files.filter(({ path }) => path.includes('worker'))).toEqual([]);
    expect(textOf(plan, 'deps/package.json')).not.toContain('postinstall');
  });

  it('masks what no install reads', () => {
    const manifest = JSON.parse(textOf(plan, 'deps/packages/greeting/package.json'));
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['scripts']));
    expect(manifest).toMatchObject({ name: '@harbor/greeting', version: '0.0.0', dependencies: { 'escape-string-regexp': '5.0.0' } });
    expect(JSON.parse(textOf(plan, 'prod/package.json'))).not.toHaveProperty('devDependencies');
  });

  it('is the same whatever the order of the packages', async () => {
    const [root, ...others] = workspace.importers;
    const importers = [root as Workspace['importers'][number], ...others.reverse()];
    expect(planJson(await pack({ ...workspace, importers }, '@harbor/api'))).toBe(planJson(plan));
  });

  it('is the same with git and without', async () => {
    repository.run('mv', '.git', '../moved-git');
    try {
      expect(planJson(await replan())).toBe(planJson(plan));
    } finally {
      repository.run('mv', '../moved-git', '.git');
    }
  });

  it('tells of root scripts that do not run, unless the config names those that do', async () => {
    const codes = (each: PackPlan) => each.diagnostics.map(({ code }) => code);
    expect(codes(plan)).toContain('root-script-left-out');
    repository.write('stowage.json', '{ "rootScripts": [] }\n');
    expect(codes(await replan())).not.toContain('root-script-left-out');
    repository.run('rm', 'stowage.json');
  });

  it('names a link that leads to nothing', async () => {
    repository.run('ln', '-s', '../dist/x.js', 'apps/api/x.js');
    repository.git('add', '--all');
    const [note] = (await replan()).diagnostics.filter(({ code }) => code === 'dangling-link');
    expect(note).toMatchObject({ level: 'info', file: 'apps/api/x.js', message: expect.stringContaining('../dist/x.js') });
    repository.git('rm', '--quiet', '--force', 'apps/api/x.js');
  });

  it('names no absolute path', () => expect(planJson(plan)).not.toContain(repository.folder));

  it('keeps the installs where a source, a script or another app changes', async () => {
    const source = await afterEdit('apps/api/src/server.ts', (text) => `${text}//\n`);
    const script = await afterEdit('packages/greeting/package.json', (text) => text.replace('"build": "tsc', '"lint": "true",\n    "build": "tsc'));
    const version = await afterEdit('packages/greeting/package.json', (text) => text.replace('1.0.0', '1.0.1'));
    const rootScript = await afterEdit('package.json', (text) => text.replace('"scripts": {', '"scripts": {\n    "lint": "true",'));
    const otherApp = await afterEdit('apps/worker/package.json', (text) => text.replace('0.3.0', '0.4.0'));
    for (const { identities } of [source, script, version, rootScript, otherApp]) {
      expect([identities.deps, identities.prod]).toEqual([plan.identities.deps, plan.identities.prod]);
    }
    expect(otherApp.identities).toEqual(plan.identities);
    expect(source.identities.src).not.toBe(plan.identities.src);
  });

  it('gives a Dockerfile that a parser of its own reads back', async () => {
    for (const each of [plan, await pack(workspace, '@harbor/web')]) {
      const parsed = DockerfileParser.parse(textOf(each, 'Dockerfile'));
      expect(parsed.getFROMs().map((from) => from.getBuildStage())).toEqual(each.stages.map(({ name }) => name));
      const known = new Set(['FROM', 'COPY', 'RUN', 'ENV', 'ARG', 'WORKDIR', 'USER', 'EXPOSE', 'ENTRYPOINT', 'CMD']);
      expect(parsed.getInstructions().filter((instruction) => !known.has(instruction.getKeyword()))).toEqual([]);
    }
  });
});
