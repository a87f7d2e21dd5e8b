import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../../../packages/core/src/errors.ts';
import type { Manifest } from '../../../packages/core/src/model.ts';
import { entriesOf, importersOf, lockText, pruneNpm } from '../../kit/npm-lock.ts';

const registry = (version: string, more: Readonly<Record<string, unknown>> = {}) => ({
  version,
  resolved: `https://registry.example/${version}.tgz`,
  integrity: 'sha512-x',
  ...more,
});

describe("npm's pruned lockfile", () => {
  const workspace = importersOf({
    '.': { name: 'root', version: '1.0.0', license: 'MIT', workspaces: ['packages/*', './tools/kept/', 'tools/gone'] },
    'packages/app': { name: 'app', version: '1.0.0', license: 'MIT', dependencies: { once: '1', kept: '*' }, devDependencies: { ms: '2' } },
    'tools/gone': { name: 'gone', version: '1.0.0', dependencies: { ms: '2', 'left-pad': '1' } },
    'tools/kept': { name: 'kept', version: '1.0.0' },
  });
  const text = lockText({
    ...entriesOf(workspace),
    'node_modules/left-pad': registry('1.3.0', { license: 'WTFPL' }),
    'node_modules/ms': registry('2.1.3', { hasInstallScript: true, license: 'MIT', os: ['darwin'], bin: { ms: 'ms.js' } }),
    'node_modules/once': registry('1.4.0', { license: 'ISC', dependencies: { wrappy: '1' } }),
    'node_modules/wrappy': registry('1.0.2', { license: 'ISC' }),
  });
  const keep = workspace.filter(({ id }) => id !== 'tools/gone');

  it('is the same bytes where everything stays', () => {
    expect(pruneNpm({ text, workspace }).text).toBe(text);
    const odd = JSON.stringify(JSON.parse(text), null, '\t').replaceAll('\n', '\r\n').replace('["darwin"]', '[ "darwin" ]');
    expect(pruneNpm({ text: odd, workspace }).text).toBe(odd);
  });

  it('loses what only a dropped importer led to, and prints a flag where npm does', () => {
    const { text: pruned, packages, importers } = pruneNpm({ text, workspace, keep });
    expect(Object.keys(packages)).toEqual([
      '',
      'packages/app',
      'tools/kept',
      'node_modules/app',
      'node_modules/kept',
      'node_modules/ms',
      'node_modules/once',
      'node_modules/wrappy',
    ]);
    expect(Object.keys(packages['node_modules/ms'] ?? {})).toEqual([
      'version',
      'resolved',
      'integrity',
      'dev',
      'hasInstallScript',
      'license',
      'os',
      'bin',
    ]);
    expect(importers[0]?.manifest.workspaces).toEqual(['packages/*', './tools/kept/']);
    expect(packages['']?.workspaces).toEqual(['packages/*', './tools/kept/']);
    expect(pruneNpm({ text: pruned, workspace: importers }).text).toBe(pruned);
  });

  it('says of an importer what its masked manifest says, in the order of its entry', () => {
    const masked: Manifest = { name: 'app', version: '0.0.0', dependencies: { kept: '*', once: '1' } };
    const manifests = importersOf({ '.': { name: 'root', workspaces: ['packages/*'] }, 'packages/app': masked, 'tools/kept': { name: 'kept' } });
    const { packages, text: pruned } = pruneNpm({ text, workspace, keep: manifests, mode: 'prod' });
    expect(JSON.stringify(packages['packages/app'])).toBe('{"name":"app","version":"0.0.0","dependencies":{"once":"1","kept":"*"}}');
    expect(packages).not.toHaveProperty(['node_modules/ms']);
    expect(JSON.parse(pruned)).not.toHaveProperty('version');
    expect(packages['']).toEqual({ name: 'root', workspaces: ['packages/*'] });
  });

  it('names the packages and who needs them', () => {
    expect(pruneNpm({ text, workspace, keep }).resolutions).toEqual([
      { name: 'ms', version: '2.1.3', neededBy: ['packages/app'] },
      { name: 'once', version: '1.4.0', neededBy: ['packages/app'] },
      { name: 'wrappy', version: '1.0.2', neededBy: ['once@1.4.0'] },
    ]);
  });
});

describe("npm's flags", () => {
  const flagsIn = (manifest: Manifest, entries: Readonly<Record<string, Readonly<Record<string, unknown>>>>, mode: 'deps' | 'prod' = 'deps') => {
    const workspace = importersOf({ '.': { name: 'root', ...manifest } });
    const { packages } = pruneNpm({ text: lockText({ ...entriesOf(workspace), ...entries }), workspace, mode });
    const flags = ['dev', 'optional', 'devOptional', 'peer', 'extraneous'];
    return Object.fromEntries(
      Object.entries(packages)
        .filter(([location]) => location !== '')
        .map(([location, entry]) => [location.replace('node_modules/', ''), flags.filter((flag) => entry[flag] === true).join(' ')]),
    );
  };

  it('tell dev, optional, both and peers apart', () => {
    const manifest = {
      dependencies: { prod: '1' },
      devDependencies: { dev: '1' },
      optionalDependencies: { optional: '1' },
      peerDependencies: { peer: '1' },
    };
    const leaf = (name: string) => ({ [`node_modules/${name}`]: { version: '1.0.0' } });
    const flags = flagsIn(
      manifest,
      {
        'node_modules/prod': { version: '1.0.0', dependencies: { shared: '1' }, optionalDependencies: { platform: '1' } },
        'node_modules/dev': { version: '1.0.0', dependencies: { both: '1', shared: '1' } },
        'node_modules/optional': { version: '1.0.0', dependencies: { both: '1' } },
        ...leaf('both'),
        ...leaf('shared'),
        ...leaf('platform'),
        ...leaf('peer'),
      },
      'prod',
    );
    expect(flags).toEqual({ prod: '', dev: 'dev', optional: 'optional', both: 'devOptional', shared: '', platform: 'optional', peer: 'peer' });
  });

  it('let go what optional peers alone lead to, and do not see its dependencies', () => {
    const manifest = { dependencies: { ws: '8' }, devDependencies: { 'node-gyp-build': '4' } };
    const flags = flagsIn(manifest, {
      'node_modules/ws': { version: '8.0.0', peerDependencies: { bufferutil: '4' }, peerDependenciesMeta: { bufferutil: { optional: true } } },
      'node_modules/bufferutil': { version: '4.0.0', dependencies: { 'node-gyp-build': '4' } },
      'node_modules/node-gyp-build': { version: '4.0.0', dev: true },
    });
    expect(flags).toEqual({ ws: '', 'node-gyp-build': 'dev' });
  });

  it('that an older npm recorded otherwise stay in deps, and are put right in prod', () => {
    const manifest = { dependencies: { watcher: '1' } };
    const entries = {
      'node_modules/watcher': { version: '1.0.0', optionalDependencies: { linux: '1' } },
      'node_modules/linux': { version: '1.0.0', dev: true, optional: true },
    };
    expect(flagsIn(manifest, entries)).toMatchObject({ linux: 'dev optional' });
    expect(flagsIn(manifest, entries, 'prod')).toMatchObject({ linux: 'optional' });
  });

  it('stay with a bundler: what it bundles is kept, reached or not', () => {
    const entries = {
      'node_modules/bundler': { version: '1.0.0', bundleDependencies: ['inner'], dependencies: { inner: '1' } },
      'node_modules/bundler/node_modules/inner': { version: '1.0.0', inBundle: true, dependencies: { nowhere: '1' } },
      'node_modules/bundler/node_modules/stray': { version: '1.0.0', inBundle: true },
    };
    expect(flagsIn({ dependencies: { bundler: '1' } }, entries)).toMatchObject({
      'bundler/node_modules/stray': '',
      'bundler/node_modules/inner': '',
    });
  });
});

describe("npm's pruned install", () => {
  const one = (manifest: Manifest, entries: Readonly<Record<string, Readonly<Record<string, unknown>>>>, files = {}, version = '12.2.0') => {
    const workspace = importersOf({ '.': { name: 'root', ...manifest } });
    return pruneNpm({ text: lockText({ ...entriesOf(workspace), ...entries }), workspace, files, version });
  };

  it('is refused where an entry is missing, by the name of the entry that needs it', () => {
    expect(() => one({ dependencies: { once: '1' } }, { 'node_modules/once': { version: '1.4.0', dependencies: { wrappy: '1' } } })).toThrow(
      expect.objectContaining({
        code: ErrorCode.LockfileInconsistent,
        where: expect.objectContaining({ line: 12, key: 'packages["node_modules/once"]' }),
      }),
    );
  });

  it('tells of an optional package that is not locked: no platform gets it', () => {
    const { diagnostics } = one(
      { dependencies: { native: '1' } },
      { 'node_modules/native': { version: '1.0.0', optionalDependencies: { 'native-linux': '1' } } },
    );
    expect(diagnostics).toEqual([
      expect.objectContaining({ level: 'warning', code: 'npm-missing-optional', message: expect.stringContaining('native-linux@1') }),
    ]);
  });

  it('is refused where a workspace asks for another version than the locked one, unless overrides speak of it', () => {
    const entries = { 'node_modules/ms': { version: '1.0.0' } };
    expect(() => one({ dependencies: { ms: '^2.0.0' } }, entries)).toThrow(
      expect.objectContaining({
        code: ErrorCode.LockfileOutdated,
        where: expect.objectContaining({ key: 'packages["node_modules/ms"]' }),
        hint: 'Run npm install with npm 11 or newer (npm 10 may leave such entries), and commit the lockfile.',
      }),
    );
    expect(() => one({ dependencies: { ms: '^2.0.0' } }, entries, { '.npmrc': 'legacy-peer-deps=true\n' })).toThrow(
      expect.objectContaining({
        hint: 'Run npm install --legacy-peer-deps with npm 11 or newer (npm 10 may leave such entries), and commit the lockfile.',
      }),
    );
    expect(one({ dependencies: { ms: '^2.0.0' }, overrides: { other: { 'ms@2': '1.0.0' } } }, entries).diagnostics).toEqual([]);
  });

  it('warns of a version that does not fit between packages, which npm ci installs all the same', () => {
    const entries = { 'node_modules/a': { version: '1.0.0', dependencies: { ms: '^2.0.0' } }, 'node_modules/ms': { version: '1.0.0' } };
    expect(one({ dependencies: { a: '1' } }, entries).diagnostics.map(({ code }) => code)).toEqual(['npm-version-mismatch']);
  });

  it('says legacy-peer-deps where the lockfile shows that it was written so', () => {
    const entries = { 'node_modules/a': { version: '1.0.0', peerDependencies: { b: '1' } } };
    const inferred = one({ dependencies: { a: '1' } }, entries, { '.npmrc': 'save-exact=true\n' });
    expect(inferred.files.find(({ path }) => path === '.npmrc')).toMatchObject({ text: 'save-exact=true\nlegacy-peer-deps=true\n' });
    expect(inferred.diagnostics.map(({ code }) => code)).toEqual(['npm-legacy-peer-deps']);
    const declared = one({ dependencies: { a: '1' } }, entries, { '.npmrc': 'legacy-peer-deps = true\n' });
    expect(declared.diagnostics).toEqual([]);
    const refused = one({ dependencies: { a: '1' } }, entries, { '.npmrc': 'legacy-peer-deps=false\n' });
    expect(refused.diagnostics.map(({ code }) => code)).toEqual(['npm-missing-entry']);
  });

  it('takes tarballs, folders, patches and extensions of kept entries along, and leaves tokens', () => {
    const manifest = {
      dependencies: { tarball: 'file:vendor/t.tgz', tool: 'file:tool', patched: '1' },
      patchedDependencies: { 'patched@1': './p.patch', 'gone@1': 'gone.patch' },
    };
    const workspace = importersOf({ '.': { name: 'root', ...manifest } });
    const entries = {
      ...entriesOf(workspace),
      '': { name: 'root', npmExtensionHash: 'sha512-x', ...entriesOf(workspace)[''] },
      tool: { version: '1.0.0' },
      'node_modules/tool': { resolved: 'tool', link: true },
      'node_modules/tarball': { version: '1.0.0', resolved: 'file:vendor/t.tgz' },
      'node_modules/patched': { version: '1.2.0', patched: { integrity: 'sha512-y', path: './p.patch' } },
    };
    const files = {
      'vendor/t.tgz': 'x',
      'tool/package.json': '{}',
      'tool/bin.js': { text: 'x', mode: '100755' as const },
      'p.patch': 'x',
      'gone.patch': 'x',
      '.npm-extension.mjs': 'x',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: npm's own syntax for an environment variable
      '.npmrc': '//r.example/:_authToken=abc\n//s.example/:_authToken=${NPM_TOKEN}\n',
    };
    const install = pruneNpm({ text: lockText(entries, { lockfileVersion: 4 }), workspace, files, version: '12.2.0' });
    expect(install.files.map(({ path }) => path)).toEqual([
      '.npm-extension.mjs',
      '.npmrc',
      'p.patch',
      'package-lock.json',
      'tool/bin.js',
      'tool/package.json',
      'vendor/t.tgz',
    ]);
    expect(install.files.find(({ path }) => path === 'tool/bin.js')?.mode).toBe('100755');
    expect(install.importers[0]?.manifest.patchedDependencies).toEqual({ 'patched@1': './p.patch' });
    expect(JSON.stringify(install.files)).not.toContain('abc');
  });

  it.each([
    ['file:vendor/none.tgz', ErrorCode.MissingFile],
    ['file:../outside.tgz', ErrorCode.LinkLeavesClosure],
  ])('is refused for %s', (resolved, code) => {
    expect(() => one({ dependencies: { a: resolved } }, { 'node_modules/a': { version: '1.0.0', resolved } })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('keeps the devDependencies through which npm 11.11 finds overrides, if production holds them anyway', () => {
    const root = { name: 'root', workspaces: ['app'], overrides: { ms: '1.0.0' } };
    const workspace = importersOf({
      '.': { ...root, devDependencies: { debug: '4', other: '1' } },
      app: { name: 'app', dependencies: { debug: '4' } },
    });
    const keep = importersOf({ '.': root, app: { name: 'app', dependencies: { debug: '4' } } });
    const entries = {
      'node_modules/debug': { version: '4.0.0', dependencies: { ms: '2' } },
      'node_modules/ms': { version: '1.0.0' },
      'node_modules/other': { version: '1.0.0', dev: true },
    };
    const text = lockText({ ...entriesOf(workspace), ...entries });
    const rootOf = (version: string) => pruneNpm({ text, workspace, keep, mode: 'prod', version }).importers[0]?.manifest.devDependencies;
    expect([rootOf('11.11.0'), rootOf('10.9.9'), rootOf('11.21.2')]).toEqual([{ debug: '4' }, undefined, undefined]);
  });
});

describe('the tree for npm 6 in lockfileVersion 2', () => {
  it('is pruned with the entries', () => {
    const workspace = importersOf({
      '.': { name: 'root', workspaces: ['a', 'b'] },
      a: { name: 'a', version: '1.0.0', devDependencies: { ms: '2' }, dependencies: { c: '1' } },
      b: { name: 'b', dependencies: { ms: '2' } },
    });
    const dependencies = {
      a: { version: 'file:a', requires: { c: '1', ms: '2' }, dependencies: { ms: { version: '2.0.0', dev: true } } },
      b: { version: 'file:b', requires: { ms: '2' } },
      c: { version: '1.0.0', requires: { ms: '1' }, dependencies: { ms: { version: '1.0.0' } } },
      ms: { version: '2.1.0' },
    };
    const entries = {
      'a/node_modules/ms': { version: '2.0.0', dev: true },
      'node_modules/c': { version: '1.0.0', dependencies: { ms: '1' } },
      'node_modules/c/node_modules/ms': { version: '1.0.0' },
      'node_modules/ms': { version: '2.1.0' },
    };
    const text = lockText({ ...entriesOf(workspace), ...entries }, { lockfileVersion: 2, dependencies });
    expect(pruneNpm({ text, workspace }).text).toBe(text);
    const keep = importersOf({ '.': { name: 'root', workspaces: ['a'] }, a: { name: 'a', dependencies: { c: '1' } } });
    expect(JSON.parse(pruneNpm({ text, workspace, keep, mode: 'prod' }).text).dependencies).toEqual({
      a: { version: 'file:a', requires: { c: '1' } },
      c: { version: '1.0.0', requires: { ms: '1' }, dependencies: { ms: { version: '1.0.0' } } },
    });
  });
});
