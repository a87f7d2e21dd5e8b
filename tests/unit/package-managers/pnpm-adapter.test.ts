import { describe, expect, it } from 'vitest';
import { pnpm } from '../../../packages/core/src/package-managers/pnpm/adapter.ts';
import { parseOverrideKey } from '../../../packages/core/src/package-managers/pnpm/overrides.ts';

const importer = (id: string) => ({ id, name: id, manifest: {} });
const install = (...paths: string[]) => ({
  importers: [],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: npm's own syntax for an environment variable
  files: paths.map((path) => ({ path, mode: '100644' as const, text: path === '.npmrc' ? '//npm.example/:_authToken=${NPM_TOKEN}\n' : '' })),
  resolutions: [],
  diagnostics: [],
});
const docker = (version: string, ...paths: string[]) => pnpm.docker({ id: 'pnpm', version, source: 'packageManager' }, install(...paths));

describe('commands', () => {
  it('install frozen from a cached store', () => {
    const { setup, install: command } = docker('10.34.9');
    expect(setup).toEqual(['npm install --global pnpm@10.34.9']);
    expect(command('deps')).toEqual({
      command: 'pnpm install --frozen-lockfile --store-dir /pnpm/store --prod=false',
      caches: [{ id: 'pnpm-store', target: '/pnpm/store' }],
    });
    expect(command('prod').command).toMatch(/ --prod$/);
  });

  it('build exactly the given importers, the root last and by itself', () => {
    const { build } = docker('10.34.9');
    expect(build([importer('packages/a'), importer('.'), importer("apps/it's (here)")])).toEqual([
      "pnpm --recursive --filter ./packages/a --filter './apps/it'\\''s (here)' run build",
      'pnpm --dir . run build',
    ]);
    expect(build([importer('.')])).toEqual(['pnpm --dir . run build']);
  });

  it('keep runs of scripts from installing and from asking for another pnpm', () => {
    expect(docker('10.34.9').env).toEqual({ npm_config_verify_deps_before_run: 'false', npm_config_manage_package_manager_versions: 'false' });
    expect(docker('12.21.0').env).toEqual({ pnpm_config_verify_deps_before_run: 'false', pnpm_config_pm_on_fail: 'ignore' });
    expect(docker('12.21.0').runScript(importer('apps/api'), 'db:generate')).toBe('pnpm --dir ./apps/api run db:generate');
  });

  it('name the secrets of the rc file and what no running app reads', () => {
    const { secrets, leftovers } = docker('10.34.9', '.npmrc', 'pnpm-lock.yaml', 'patches/a.patch', 'vendor/a.tgz', 'vendor/linked/package.json');
    expect(secrets).toEqual(['NPM_TOKEN']);
    expect(leftovers).toEqual(expect.arrayContaining(['.npmrc', 'pnpm-lock.yaml', 'patches/a.patch', 'vendor/a.tgz', 'node_modules/.modules.yaml']));
    expect(leftovers).not.toContain('vendor/linked/package.json');
  });
});

it.each([
  ['workspace:*', undefined],
  ['workspace:^', undefined],
  ['workspace:~', undefined],
  ['workspace:^1.0.0', '^1.0.0'],
  ['workspace:1.2.3', '1.2.3'],
  ['workspace:@acme/lib@^1.0.0', '^1.0.0'],
  ['workspace:lib@*', undefined],
  ['workspace:../lib', undefined],
  ['^1.0.0', '^1.0.0'],
  ['>=1 <2', '>=1 <2'],
  ['1.x || 2.x', '1.x || 2.x'],
  ['*', undefined],
  ['', undefined],
  ['latest', undefined],
  ['catalog:', undefined],
  ['catalog:react18', undefined],
  ['link:../lib', undefined],
  ['file:../lib', undefined],
  ['npm:@acme/lib@~1.2.0', '~1.2.0'],
])('the specifier "%s" demands the version %s', (specifier, range) => {
  expect(pnpm.versionRange(specifier)).toBe(range);
});

it.each([
  ['react', 'react'],
  ['@scope/a@^1.0.0', '@scope/a'],
  ['a@1>b', 'b'],
  ['a@>=1 <2', 'a'],
  ['a@1.0.0>@b/c@^2', '@b/c'],
  ['rollup@^4.0.0', 'rollup'],
  ['b@>1 || >=2', 'b'],
])('the override %s is about %s', (key, name) => {
  expect(parseOverrideKey(key).target).toBe(name);
});
