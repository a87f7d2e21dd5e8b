import { describe, expect, it } from 'vitest';
import { npm } from '../../../packages/core/src/package-managers/npm/adapter.ts';
import { importersOf } from '../../kit/npm-lock.ts';

describe('how npm is run', () => {
  const importers = importersOf({
    '.': { name: 'root' },
    'packages/app': { name: '@t/app' },
    'packages/app/plugin': { name: 'plugin' },
    'libs/my lib': { name: 'lib' },
  });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: npm's own syntax for an environment variable
  const npmrc = { path: '.npmrc', mode: '100644', text: '//r.example/:_authToken=${NPM_TOKEN}\n' } as const;
  const docker = npm.docker(
    { id: 'npm', version: '10.9.2', source: 'packageManager' },
    { importers, files: [npmrc], resolutions: [], diagnostics: [] },
  );

  it('installs this exact npm, then frozen, with the store as a cache', () => {
    expect(docker.setup).toEqual(['npm install --global npm@10.9.2']);
    expect(docker.install('deps')).toEqual({ command: 'npm ci --include=dev', caches: [{ id: 'npm', target: '/root/.npm' }] });
    expect(docker.install('prod').command).toBe('npm ci --omit=dev');
    expect(docker.secrets).toEqual(['NPM_TOKEN']);
    const verify = npm.verifyCommand({ id: 'npm', version: '10.9.2', source: 'lockfile' }, 'prod');
    expect(verify).toEqual(expect.arrayContaining(['--package=npm@10.9.2', 'ci', '--omit=dev', '--ignore-scripts']));
  });

  it('runs one script of one importer, by its folder, or by its name where the folder holds others', () => {
    expect(docker.build(importers)).toEqual([
      'npm run build',
      'npm run build --workspace=@t/app',
      'npm run build --workspace=packages/app/plugin',
      "npm run build --workspace='libs/my lib'",
    ]);
  });

  it.each([
    ['*', undefined],
    ['', undefined],
    ['x', undefined],
    ['file:../lib', undefined],
    ['^1.0.0', '^1.0.0'],
    ['0.1.0', '0.1.0'],
    ['>=0', undefined],
  ])('takes %j of a workspace as the range %j', (specifier, range) => {
    expect(npm.versionRange(specifier)).toBe(range);
  });
});
