import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { runPnpm } from '../kit/pnpm.ts';
import { app, localPackages, patch, removeScenarios, repositories, scenarioKit } from '../kit/pnpm-scenario.ts';
import { describeReleased } from '../kit/released-program.ts';
import { Repository } from '../kit/repository.ts';

afterEach(removeScenarios);

for (const version of ['9.15.9', '10.34.9', '11.28.11', '12.21.0']) {
  describeReleased(`pnpm@${version}`, () => {
    const { scenario, settingsIn } = scenarioKit(version);

    it('drops what only others need, and keeps two majors, aliases and every platform of what the app needs', async () => {
      const { deps, prod } = await scenario({
        manifests: {
          '.': { devDependencies: { 'is-number': '7.0.0' } },
          'apps/app': app({ dependencies: { '@t/lib': 'workspace:*', 'ms-old': 'npm:ms@2.0.0' }, devDependencies: { esbuild: '0.25.0' } }),
          'apps/other': { name: '@t/other', dependencies: { 'left-pad': '1.3.0', ms: '2.1.3' } },
          'libs/lib': { name: '@t/lib', dependencies: { ms: '2.1.2', once: '1.4.0' } },
        },
      });
      expect(deps).toContain('@esbuild/win32-arm64@0.25.0');
      expect(deps).toContain('ms@2.0.0:');
      expect(deps).toContain('is-number@7.0.0');
      expect(deps).not.toMatch(/left-pad|ms@2\.1\.3|apps\/other/);
      expect(prod).not.toMatch(/esbuild|is-number/);
      expect(prod).toContain('wrappy@1.0.2');
    });

    it('keeps peers: of the root alone, auto-installed, provided by a devDependency, nested', async () => {
      const { deps, prod, plan } = await scenario({
        full: true,
        manifests: {
          '.': { dependencies: { 'fp-ts': '2.16.9' } },
          'apps/app': app({
            dependencies: { '@t/ui': 'workspace:*', 'io-ts': '2.2.21', react: '18.2.0', 'react-dom': '18.2.0', 'use-sync-external-store': '1.2.0' },
          }),
          'libs/ui': {
            name: '@t/ui',
            peerDependencies: { react: '>=17', ms: '2.1.3', 'left-pad': '*', once: '^1.3.0' },
            peerDependenciesMeta: { 'left-pad': { optional: true } },
            devDependencies: { react: '18.2.0', 'left-pad': '1.3.0', once: '1.4.0' },
          },
        },
      });
      expect(plan.closure.runtime).toEqual(['apps/app', 'libs/ui']);
      expect(deps).toContain('left-pad@1.3.0');
      expect(prod).not.toContain('left-pad');
      expect(prod).toMatch(
        /libs\/ui:\n {4}dependencies:\n {6}ms:\n.*\n.*\n {6}once:\n {8}specifier: 1\.4\.0\n.*\n {6}react:\n {8}specifier: 18\.2\.0/,
      );
    });

    it('lets a devDependency that its own peer range excludes provide the peer', async () => {
      const { prod } = await scenario({
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { '@t/lib': 'workspace:*', ms: '2.1.3' } }),
          'libs/lib': { name: '@t/lib', peerDependencies: { ms: '^1.0.0' }, devDependencies: { ms: '^2.0.0' } },
        },
      });
      expect(prod).toMatch(/libs\/lib:\n {4}dependencies:\n {6}ms:\n {8}specifier: \^2\.0\.0/);
    });

    it('follows workspace specifiers of all kinds, cycles and links, and drops those of the root', async () => {
      const { plan, deps } = await scenario({
        full: true,
        settings: 'linkWorkspacePackages: true\n',
        files: { '.npmrc': 'link-workspace-packages=true\n', 'vendor/plain/package.json': '{"name":"plain","version":"1.0.0"}\n' },
        manifests: {
          '.': { dependencies: { '@t/outside': 'workspace:*', '@t/a': 'workspace:^' } },
          'apps/app': app({
            dependencies: { '@t/a': 'workspace:^1.0.0', alias: 'workspace:@t/b@*', '@t/range': '^1.0.0', plain: 'link:../../vendor/plain' },
            devDependencies: { '@t/dev': 'workspace:~' },
          }),
          'libs/a': { name: '@t/a', dependencies: { '@t/b': 'workspace:*' } },
          'libs/b': { name: '@t/b', devDependencies: { '@t/a': 'workspace:*' } },
          'libs/range': { name: '@t/range', peerDependencies: { '@t/peer': 'workspace:*' } },
          'libs/peer': { name: '@t/peer', dependencies: { once: '1.4.0' } },
          'libs/dev': { name: '@t/dev' },
          'libs/outside': { name: '@t/outside', dependencies: { 'left-pad': '1.3.0' } },
        },
      });
      expect(plan.closure.build).toEqual(['apps/app', 'libs/a', 'libs/b', 'libs/dev', 'libs/peer', 'libs/range']);
      expect(plan.closure.runtime).toEqual(['apps/app', 'libs/a', 'libs/b', 'libs/peer', 'libs/range']);
      expect(deps).not.toMatch(/left-pad|outside/);
    });

    it('keeps local packages: a copied folder, a tarball, an injected workspace, the linked folder of a workspace', async () => {
      const { plan, deps, file, installs } = await scenario(localPackages);
      for (const folder of Object.values(installs)) expect(createRequire(join(folder, 'apps/app/index.js'))('@t/injected')).toBe('injected');
      expect(deps).toContain('packed@file:vendor/packed.tgz:');
      expect(plan.files.map(({ path }) => path)).toContain('prod/vendor/packed.tgz');
      expect(plan.closure.build).toEqual(['apps/app', 'libs/built', 'libs/injected']);
      expect(deps).toContain('file:libs/injected(react@18.2.0)');
      expect(deps).toContain('is-number@7.0.0');
      expect(file('deps/vendor/folder/index.js')).toBe('\n');
    });

    it('narrows catalogs on both sides, so that the entry of another app changes nothing', async () => {
      const manifests = {
        '.': {},
        'apps/app': app({ dependencies: { ms: 'catalog:', once: 'catalog:old' } }),
        'apps/other': { name: '@t/other', dependencies: { 'left-pad': 'catalog:', 'is-number': 'catalog:other' } },
      };
      const catalogs = (leftPad: string): string =>
        `catalog:\n  # for all\n  ms: 2.1.3\n  left-pad: ${leftPad}\n\ncatalogs:\n  old:\n    once: ^1.4.0\n  other:\n    is-number: 7.0.0\n`;
      const before = await scenario({ manifests, settings: catalogs('1.3.0') });
      expect(before.file('deps/pnpm-workspace.yaml')).toBe(
        'packages:\n  - apps/*\n  - libs/*\ncatalog:\n  ms: 2.1.3\ncatalogs:\n  old:\n    once: ^1.4.0\n',
      );
      const after = await scenario({ manifests, settings: catalogs('1.2.0') });
      expect(after.plan.identities.deps).toBe(before.plan.identities.deps);
    });

    it('keeps overrides of every form, and resolves those that refer to a dependency of the root that is gone', async () => {
      const overrides = {
        'once>wrappy': '1.0.1',
        'ms@^2': '2.1.2',
        'is-number': '$is-number',
        'left-pad': 'npm:ms@2.0.0',
        'debug>ms': '-',
        'is-odd': '3.0.1',
      };
      const { root, settings = '' } = settingsIn({ overrides });
      const { prod } = await scenario({
        settings,
        manifests: {
          '.': { ...root, devDependencies: { 'is-number': '7.0.0' } },
          'apps/app': app({ dependencies: { once: '1.4.0', ms: '^2.1.0', 'is-number': '^6.0.0', 'left-pad': '1.3.0', debug: '4.4.0' } }),
        },
      });
      expect(prod).toMatch(/is-number: 7\.0\.0/);
      expect(prod).toContain('wrappy@1.0.1');
      expect(prod).not.toContain('left-pad@1.3.0');
      expect(prod).not.toContain('is-odd');
    });

    it('keeps an override that refers to a catalog, with the entry that it refers to', async () => {
      const { root, settings = '' } = settingsIn({ overrides: { ms: 'catalog:', 'once>wrappy': 'catalog:old', 'left-pad': 'catalog:' } });
      const { deps, file } = await scenario({
        settings: `catalog:\n  ms: 2.1.2\n  left-pad: 1.2.0\n  is-number: 7.0.0\ncatalogs:\n  old:\n    wrappy: 1.0.1\n${settings}`,
        manifests: {
          '.': root ?? {},
          'apps/app': app({ dependencies: { once: '1.4.0', debug: '4.4.0' } }),
          'apps/other': { name: '@t/other', dependencies: { 'left-pad': '1.3.0', 'is-number': 'catalog:' } },
        },
      });
      expect(deps).toContain('ms@2.1.2:');
      expect(deps).toContain('wrappy@1.0.1:');
      expect(deps).not.toContain('is-number');
      expect(file('deps/pnpm-workspace.yaml')).not.toContain('is-number');
    });

    it('keeps the patches of what is kept, exact, by range and by name, and drops others on both sides', async () => {
      const byRange = version.startsWith('9.') ? 'once' : 'once@^1.3.0'; // pnpm 9 knows no ranges
      const { root, settings = '' } = settingsIn({
        patchedDependencies: {
          'ms@2.1.3': 'patches/ms.patch',
          [byRange]: 'patches/once.patch',
          debug: 'patches/debug.patch',
          'left-pad@1.3.0': 'patches/left-pad.patch',
        },
      });
      const { deps, plan } = await scenario({
        full: true,
        settings,
        files: {
          'patches/ms.patch': patch('a.txt'),
          'patches/once.patch': patch('b.txt'),
          'patches/debug.patch': patch('c.txt'),
          'patches/left-pad.patch': patch('d.txt'),
        },
        manifests: {
          '.': root,
          'apps/app': app({ dependencies: { once: '1.4.0', ms: '2.1.3', 'ms-old': 'npm:ms@2.0.0', debug: '4.4.0' } }),
          'apps/other': { name: '@t/other', dependencies: { 'left-pad': '1.3.0' } },
        },
      });
      expect(deps).toMatch(/^patchedDependencies:\n(?: .*\n)*? {2}ms@2\.1\.3:/m);
      expect(plan.files.map(({ path }) => path).filter((path) => path.includes('/patches/'))).toEqual([
        'deps/patches/debug.patch',
        'deps/patches/ms.patch',
        'deps/patches/once.patch',
        'prod/patches/debug.patch',
        'prod/patches/ms.patch',
        'prod/patches/once.patch',
      ]);
    });

    it('links the program of a workspace that a build has yet to make', async () => {
      const { installs } = await scenario({
        full: true,
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { '@t/tool': 'workspace:*' } }),
          'libs/tool': { name: '@t/tool', bin: { tool: 'dist/cli.js' } },
        },
      });
      writeFileSync(join(installs.deps, 'libs/tool/dist/cli.js'), "#!/usr/bin/env node\nconsole.log('built');\n");
      expect(execFileSync(join(installs.deps, 'apps/app/node_modules/.bin/tool'), { encoding: 'utf8' })).toBe('built\n');
    });

    it('keeps packageExtensions, ignoredOptionalDependencies and a pnpmfile with what it loads', async () => {
      const { root, settings = '' } = settingsIn({
        packageExtensions: { once: { dependencies: { ms: '2.1.3' } } },
        ignoredOptionalDependencies: ['@esbuild/*', '!@esbuild/linux-x64'],
      });
      const { deps, file } = await scenario({
        settings,
        files: {
          '.pnpmfile.cjs': "module.exports = require('./config/hooks');\n",
          'config/hooks.js':
            "module.exports = { hooks: { readPackage: (pkg) => (pkg.name === '@t/app' ? { ...pkg, dependencies: { ...pkg.dependencies, 'is-number': '7.0.0' } } : pkg) } };\n",
        },
        manifests: { '.': root, 'apps/app': app({ dependencies: { once: '1.4.0', esbuild: '0.25.0' } }) },
      });
      expect(deps).toContain('pnpmfileChecksum');
      expect(deps).toContain('is-number@7.0.0');
      expect(deps).toContain('ms@2.1.3');
      expect(deps).not.toContain('@esbuild/win32');
      expect(file('deps/config/hooks.js')).toContain('readPackage');
    });

    it('keeps hashed peer suffixes, settings and optional packages', async () => {
      const { deps } = await scenario({
        settings: 'peersSuffixMaxLength: 10\ndedupePeerDependents: false\n',
        files: { '.npmrc': 'peers-suffix-max-length=10\n' },
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { 'react-dom': '18.2.0', react: '18.2.0' }, optionalDependencies: { fsevents: '2.3.3' } }),
          'apps/other': { name: '@t/other', dependencies: { fsevents: '2.3.3' } },
        },
      });
      expect(deps).toMatch(/react-dom@18\.2\.0\([0-9a-z]{20,}\):/);
      expect(deps).toMatch(/fsevents@2\.3\.3:\n {4}optional: true/);
    });

    it('keeps dependencies named like keys of a lockfile or like numbers', async () => {
      const { deps } = await scenario({
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { version: 'npm:ms@2.1.3', os: 'npm:once@1.4.0', 7: 'npm:is-number@7.0.0', name: 'npm:ms@2.0.0' } }),
          'apps/other': { name: '@t/other', dependencies: { settings: 'npm:ms@2.1.2', 8: 'npm:is-number@6.0.0' } },
        },
      });
      expect(deps).toMatch(/^ {6}'7':$/m);
      expect(deps).not.toMatch(/^ {6}'8':$/m);
    });

    it('gives an importer whose dependencies all go an empty entry, and drops sections that end empty', async () => {
      const { prod } = await scenario({
        manifests: {
          '.': { devDependencies: { ms: '2.1.3' } },
          'apps/app': app({ devDependencies: { once: '1.4.0' } }),
        },
      });
      expect(prod).toMatch(/importers:\n\n {2}\.: \{\}\n\n {2}apps\/app: \{\}\n$/);
    });

    it('keeps only the times of direct dependencies', async () => {
      const { deps, repository } = await scenario({
        settings: 'resolutionMode: time-based\n',
        files: { '.npmrc': 'resolution-mode=time-based\n' },
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { once: '1.4.0' } }),
          'apps/other': { name: '@t/other', dependencies: { ms: '2.1.3', wrappy: '1.0.2' } },
        },
      });
      // Older releases record times only where the registry gives them with its short answers.
      const recorded = repository.read('pnpm-lock.yaml').includes('\ntime:\n');
      expect(deps.match(/\ntime:\n(?: {2}.*\n)*$/)?.[0].match(/^ {2}[^:]+/gm) ?? []).toEqual(recorded ? ['  once@1.4.0'] : []);
    });

    it('takes a name in several maps from the one that pnpm prefers', async () => {
      const { deps, prod } = await scenario({
        manifests: {
          '.': {},
          'apps/app': app({
            dependencies: { ms: '2.1.3', once: '1.4.0' },
            devDependencies: { ms: '2.1.2', 'left-pad': '1.3.0' },
            optionalDependencies: { once: '1.3.3' },
          }),
        },
      });
      expect(deps).toContain('left-pad');
      expect(prod).toMatch(/ms:\n {8}specifier: 2\.1\.3/);
      expect(prod).toMatch(/optionalDependencies:\n {6}once:\n {8}specifier: 1\.3\.3/);
    });

    it('reads workspaces without a name, a version or dependencies, and those inside another', async () => {
      const { plan } = await scenario({
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { '@t/inner': 'workspace:*', '@t/plain': 'workspace:*' } }),
          'libs/outer': { dependencies: { once: '1.4.0' } },
          'libs/outer/inner': { name: '@t/inner', version: undefined, dependencies: { ms: '2.1.3' } },
          'libs/plain': { name: '@t/plain' },
        },
        settings: '  - libs/outer/*\n',
      });
      expect(plan.closure.build).toEqual(['apps/app', 'libs/outer/inner', 'libs/plain']);
    });

    it('reads a lockfile without links and without auto-installed peers', async () => {
      const { plan, deps, prod } = await scenario({
        settings: 'autoInstallPeers: false\nexcludeLinksFromLockfile: true\n',
        files: {
          '.npmrc': 'auto-install-peers=false\nexclude-links-from-lockfile=true\n',
          'vendor/plain/package.json': '{"name":"plain","version":"1.0.0"}\n',
        },
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { '@t/lib': 'workspace:*', plain: 'link:../../vendor/plain', ms: '2.1.3' } }),
          'libs/lib': { name: '@t/lib', peerDependencies: { ms: '*', 'left-pad': '*' }, devDependencies: { ms: '2.1.3' } },
        },
      });
      expect(plan.closure.build).toEqual(['apps/app', 'libs/lib']);
      expect(deps).not.toContain('left-pad');
      expect(prod).toMatch(/libs\/lib:\n {4}dependencies:\n {6}ms:/);
    });

    it.skipIf(version.startsWith('9.'))('injects every workspace package where the settings say so', async () => {
      const { deps, plan } = await scenario({
        full: true,
        settings: 'injectWorkspacePackages: true\ndedupeInjectedDeps: false\n',
        files: { '.npmrc': 'inject-workspace-packages=true\ndedupe-injected-deps=false\n' },
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { '@t/a': 'workspace:*' } }),
          'libs/a': { name: '@t/a', dependencies: { '@t/b': 'workspace:*', once: '1.4.0' } },
          'libs/b': { name: '@t/b', dependencies: { ms: '2.1.3' }, devDependencies: { 'is-number': '7.0.0' } },
          'libs/c': { name: '@t/c', dependencies: { 'left-pad': '1.3.0' } },
        },
      });
      expect(plan.closure.build).toEqual(['apps/app', 'libs/a', 'libs/b']);
      expect(deps).toContain('@t/a@file:libs/a');
      expect(deps).toContain('injectWorkspacePackages: true');
    });

    it('reads a pnpmfile at a path of its own', async () => {
      const { file } = await scenario({
        settings: 'pnpmfile: config/hooks.cjs\n',
        files: { '.npmrc': 'pnpmfile=config/hooks.cjs\n', 'config/hooks.cjs': 'module.exports = { hooks: { readPackage: (pkg) => pkg } };\n' },
        manifests: { '.': {}, 'apps/app': app({ dependencies: { once: '1.4.0' } }) },
      });
      expect(file('prod/config/hooks.cjs')).toContain('readPackage');
    });

    it('keeps an optional peer that only another app provides, with its patch', async () => {
      const { root, settings = '' } = settingsIn({ patchedDependencies: { 'bufferutil@4.0.8': 'patches/bufferutil.patch' } });
      const { deps, file, repository } = await scenario({
        settings,
        files: { 'patches/bufferutil.patch': patch('a.txt') },
        manifests: {
          '.': root,
          'apps/app': app({ dependencies: { ws: '8.18.0' } }),
          'apps/other': { name: '@t/other', dependencies: { bufferutil: '4.0.8' } },
        },
      });
      // Whether it does is pnpm's choice; what it locked stays.
      const provided = /^ {2}ws@8\.18\.0\(bufferutil/m.test(repository.read('pnpm-lock.yaml'));
      expect(deps.includes('bufferutil@4.0.8')).toBe(provided);
      if (provided) expect(file('deps/patches/bufferutil.patch')).toContain('patched');
    });

    it.skipIf(Number.parseInt(version, 10) < 11)('keeps the document about configDependencies as it is', async () => {
      const { deps, repository, plan } = await scenario({
        full: true,
        settings: 'configDependencies:\n  is-odd: 3.0.1\noverrides:\n  left-pad: 1.2.0\n',
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { once: '1.4.0' } }),
          'apps/other': { name: '@t/other', dependencies: { 'left-pad': '1.3.0' } },
        },
      });
      const environment = repository.read('pnpm-lock.yaml').split('\n---\n')[0];
      expect(environment).toContain('configDependencies');
      expect(deps.startsWith(`${environment}\n---\n`)).toBe(true);
      expect(deps).toContain('left-pad: 1.2.0');
      expect(plan.resolutions.map(({ name }) => name)).toEqual(['once', 'wrappy']);
    });

    it.skipIf(Number.parseInt(version, 10) < 11)('keeps the line ends of a lockfile of two documents', async () => {
      const { deps, repository, file } = await scenario({
        settings: 'configDependencies:\n  is-odd: 3.0.1\n',
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { once: '1.4.0' } }),
          'apps/other': { name: '@t/other', dependencies: { 'left-pad': '1.3.0' } },
        },
      });
      repository.edit('pnpm-lock.yaml', (text) => text.replaceAll('\n', '\r\n'));
      await repository.pack('apps/app');
      const text = file('deps/pnpm-lock.yaml');
      expect(text.replaceAll('\r\n', '')).not.toContain('\n');
      expect(text.replaceAll('\r\n', '\n')).toBe(deps);
      const checked = await runPnpm(version, join(`${repository.folder}-out`, '@t+app/deps'), 'install', '--frozen-lockfile', '--lockfile-only');
      expect(checked.status, checked.output).toBe(0);
    });

    // pnpm 9 looks for the peer in the registry instead.
    it.skipIf(version.startsWith('9.'))('keeps a workspace that only the root provides, as a peer of a package', async () => {
      const { plan, prod } = await scenario({
        full: true,
        manifests: {
          '.': { dependencies: { react: 'workspace:*' } },
          'apps/app': app({ dependencies: { 'use-sync-external-store': '1.2.0' } }),
          'libs/react': { name: 'react', version: '18.2.0', dependencies: { ms: '2.1.3' } },
        },
      });
      expect(plan.closure.runtime).toEqual(['apps/app', 'libs/react']);
      expect(prod).toContain('react: link:libs/react');
    });

    it('gives the same bytes when its own output is pruned again', async () => {
      const { folder } = await scenario({
        settings: 'catalog:\n  ms: 2.1.3\n  once: 1.4.0\n',
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { ms: 'catalog:', '@t/lib': 'workspace:*' } }),
          'apps/other': { name: '@t/other', dependencies: { once: 'catalog:' } },
          'libs/lib': { name: '@t/lib', peerDependencies: { once: '*' }, devDependencies: { once: '1.3.3' } },
        },
      });
      for (const mode of ['deps', 'prod']) {
        const again = Repository.of({ '.gitignore': 'node_modules\n' });
        repositories.push(again);
        cpSync(join(folder, mode), again.folder, { recursive: true });
        again.commit('pruned');
        const { folder: second } = await again.pack('apps/app');
        for (const path of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
          expect(readFileSync(join(second, mode, path), 'utf8'), `${mode}/${path}`).toBe(readFileSync(join(folder, mode, path), 'utf8'));
        }
      }
    });

    it('changes no byte of the install for an edit outside the closure', async () => {
      const { repository, plan } = await scenario({
        manifests: {
          '.': {},
          'apps/app': app({ dependencies: { '@t/lib': 'workspace:*' } }),
          'apps/other': { name: '@t/other', dependencies: { once: '1.4.0' } },
          'libs/lib': { name: '@t/lib', dependencies: { ms: '2.1.3' } },
        },
      });
      repository.edit('apps/other/package.json', (text) => text.replace('"once": "1.4.0"', '"once": "1.3.3", "is-number": "7.0.0"'));
      repository.edit('libs/lib/package.json', (text) => text.replace('"1.0.0"', '"1.1.0"'));
      const relocked = await runPnpm(version, repository.folder, 'install', '--lockfile-only', '--no-frozen-lockfile');
      expect(relocked.status, relocked.output).toBe(0);
      const { plan: after } = await repository.pack('apps/app');
      expect([after.identities.deps, after.identities.prod]).toEqual([plan.identities.deps, plan.identities.prod]);
    });
  });
}
