import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test } from 'vitest';
import { isEnvFile, removeEnvFiles } from '../../packages/core/src/context/env-files.ts';
import { collectProgram } from '../../packages/core/src/dockerfile/collect.ts';
import { Repository } from '../kit/repository.ts';

const token = 'npm_0123456789abcdefghijklmnopqrstuvwxyz';
const base = 'pnpm-node-and-vite';

function everyText(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .map((path) => `${path}\n${readFileSync(path, 'utf8')}`)
    .join('\n');
}

test('what a build that is copied alone holds loses its env files, and not what lies beside them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-env-'));
  const kept = ['.env.example', '.env.test.license', '.envrc', 'server.js', 'node_modules/x/.env'];
  const lost = ['.env', '.env.production', 'apps/web/.env.local'];
  for (const path of [...kept, ...lost]) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), '');
    expect(path.startsWith('node_modules') || isEnvFile(path), path).toBe(path.startsWith('node_modules') || lost.includes(path));
  }
  execFileSync('sh', ['-c', removeEnvFiles(folder)]);
  const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());
  expect(left.sort()).toEqual([...kept].sort());
  rmSync(folder, { recursive: true });
});

describe('secrets', () => {
  let repository: Repository;
  afterEach(() => repository.remove());

  it('a literal token is left out, said, and replaced by a mount of the user’s own file', async () => {
    repository = Repository.ofExample(base);
    repository.write('.npmrc', `//npm.example.com/:_authToken=${token}\nstrict-peer-dependencies=false\n`);
    repository.write('packages/greeting/.npmrc', `//npm.example.com/:_authToken=${token}\n`);
    repository.commit('tokens');
    const { plan, folder } = await repository.pack('@harbor/api');
    expect(everyText(folder)).not.toContain(token);
    expect(plan.diagnostics.filter(({ code }) => code === 'literal-credential').map(({ file }) => file)).toEqual([
      '.npmrc',
      'packages/greeting/.npmrc',
    ]);
    expect(plan.secrets).toEqual([{ id: 'npmrc', from: 'user-rc', usedBy: 'install' }]);
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toContain('--mount=type=secret,id=npmrc,target=/root/.npmrc');
  });

  it('a reference to the environment becomes a secret mount of the installs alone', async () => {
    repository = Repository.ofExample(base);
    repository.write('.npmrc', `//npm.example.com/:_authToken=\${NPM_TOKEN}\n`);
    repository.commit('reference');
    const { plan, folder } = await repository.pack('@harbor/api');
    expect(plan.secrets).toEqual([{ id: 'NPM_TOKEN', from: 'environment', usedBy: 'install' }]);
    const mounts = readFileSync(join(folder, 'Dockerfile'), 'utf8').match(/^.*NPM_TOKEN.*$/gm);
    expect(mounts).toEqual(Array(2).fill(expect.stringContaining('--mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN')));
  });

  it('env files: a committed one enters the build stage alone, a local or untracked one nothing', async () => {
    repository = Repository.ofExample(base);
    repository.write('apps/web/.env.production', 'VITE_PUBLIC=1\n');
    repository.write('apps/web/.env.example', 'VITE_PUBLIC=\n');
    repository.write('apps/web/.env.production.license', 'SPDX-License-Identifier: MIT\n');
    repository.git('add', '--force', '--all');
    repository.commit('committed');
    repository.write('apps/web/.env', `SECRET=${token}\n`);
    repository.write('apps/web/.env.production.local', `SECRET=${token}\n`);
    const { plan, folder } = await repository.pack('@harbor/web');
    expect(everyText(folder)).not.toContain(token);
    expect(plan.files.map(({ path }) => path).filter((path) => path.includes('.env'))).toEqual([
      'src/apps/web/.env.example',
      'src/apps/web/.env.production',
      'src/apps/web/.env.production.license',
    ]);
    expect(plan.diagnostics.map(({ code, file }) => [code, file])).toEqual(
      expect.arrayContaining([
        ['env-file-in-build', 'apps/web/.env.production'],
        ['env-file-left-out', 'apps/web/.env'],
        ['env-file-left-out', 'apps/web/.env.production.local'],
      ]),
    );
  });
});

describe('what enters the running image', () => {
  it('is told from env files as what enters the build is', () => {
    const program = collectProgram([], false);
    const pattern = /env = \/(.*)\/;/.exec(program)?.[1] ?? '';
    for (const name of ['.env', '.env.local', '.env.production', '.env.example', '.env.defaults', '.env.production.license', '.envrc', 'a.env'])
      expect([name, new RegExp(pattern).test(name)]).toEqual([name, isEnvFile(name)]);
    expect(isEnvFile('apps/api/.env.defaults')).toBe(false);
  });
});
