import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { app, localPackages, patch, removeScenarios, scenarioKit } from '../kit/pnpm-scenario.ts';
import { describeReleased } from '../kit/released-program.ts';

afterEach(removeScenarios);

/** Lockfiles of 5.4 and 6.0: entries with their dependencies, and with flags. */
describe.each(['7.33.7', '8.15.9'])('%s', (version) => describeReleased(`pnpm@${version}`, () => suite(version)));

function suite(version: string): void {
  const { scenario, settingsIn } = scenarioKit(version);
  const early = version.startsWith('7');
  const key = (name: string, locked: string): string => (early ? `/${name}/${locked}` : `/${name}@${locked}`);

  /** The flag that an entry of `packages` has. */
  const flag = (lockfile: string, key: string, name: 'dev' | 'optional'): string | undefined => {
    const entry = lockfile.split('\n\n').find((block) => block.startsWith(`  ${key}:`)) ?? '';
    return new RegExp(`^ {4}${name}: (.*)$`, 'm').exec(entry)?.[1];
  };

  it('computes the flags anew that the dropped app decided', async () => {
    const { repository, deps, prod } = await scenario({
      manifests: {
        '.': { devDependencies: { 'is-number': '7.0.0' } },
        'apps/app': app({
          dependencies: { 'left-pad': '1.3.0' },
          devDependencies: { once: '1.4.0', 'is-number': '7.0.0' },
          optionalDependencies: { fsevents: '2.3.3' },
        }),
        'apps/other': {
          name: '@t/other',
          dependencies: { once: '1.4.0', fsevents: '2.3.3', 'is-number': '7.0.0' },
          devDependencies: { 'left-pad': '1.3.0' },
        },
      },
    });
    const whole = repository.read('pnpm-lock.yaml');
    const direct = [key('once', '1.4.0'), key('wrappy', /wrappy: (\S+)/.exec(whole)?.[1] ?? ''), key('left-pad', '1.3.0'), key('is-number', '7.0.0')];
    expect(direct.map((each) => flag(whole, each, 'dev'))).toEqual([undefined, undefined, undefined, undefined]);
    expect(direct.map((each) => flag(deps, each, 'dev'))).toEqual(['true', 'true', 'false', 'true']);
    expect([flag(whole, key('fsevents', '2.3.3'), 'optional'), flag(deps, key('fsevents', '2.3.3'), 'optional')]).toEqual([undefined, 'true']);
    expect(prod).not.toMatch(/once|is-number/);
  });

  it('keeps patches, overrides, packageExtensions and a pnpmfile', async () => {
    const { root } = settingsIn({
      overrides: { 'once>wrappy': '1.0.1', 'is-number': '$is-number' },
      packageExtensions: { once: { dependencies: { ms: '2.1.2' } } },
      patchedDependencies: { 'ms@2.1.3': 'patches/ms.patch', 'left-pad@1.3.0': 'patches/left-pad.patch' },
    });
    const { deps, prod, plan } = await scenario({
      full: true,
      files: {
        'patches/ms.patch': patch('a.txt'),
        'patches/left-pad.patch': patch('b.txt'),
        '.pnpmfile.cjs': 'module.exports = { hooks: { readPackage: (pkg) => pkg } };\n',
      },
      manifests: {
        '.': { ...root, devDependencies: { 'is-number': '7.0.0' } },
        'apps/app': app({ dependencies: { once: '1.4.0', ms: '2.1.3', 'is-number': '6.0.0' } }),
        'apps/other': { name: '@t/other', dependencies: { 'left-pad': '1.3.0' } },
      },
    });
    expect(deps).toMatch(/patchedDependencies:\n {2}ms@2\.1\.3:\n.*\n.*\n\n/);
    expect(prod).toContain(key('wrappy', '1.0.1'));
    expect(plan.files.map(({ path }) => path).filter((path) => path.startsWith('deps/patches/'))).toEqual(['deps/patches/ms.patch']);
  });

  it('keeps local packages: a copied folder, a tarball, an injected workspace, the linked folder of a workspace', async () => {
    const { deps, prod, plan, installs } = await scenario(localPackages);
    expect(plan.closure.build).toEqual(['apps/app', 'libs/built', 'libs/injected']);
    expect(deps).toContain(early ? 'file:libs/injected_react@18.2.0:' : 'file:libs/injected(react@18.2.0):');
    expect(prod).toContain('file:vendor/packed.tgz:');
    for (const folder of Object.values(installs)) expect(createRequire(join(folder, 'apps/app/index.js'))('@t/injected')).toBe('injected');
  });

  it('moves a devDependency that provides a peer, and prints no specifier of what goes', async () => {
    const { deps, prod } = await scenario({
      full: true,
      manifests: {
        '.': { devDependencies: { 'is-number': '7.0.0' } },
        'apps/app': app({ dependencies: { '@t/ui': 'workspace:*', react: '18.2.0', 'on-e': 'npm:once@1.4.0' } }),
        'libs/ui': {
          name: '@t/ui',
          peerDependencies: { react: '*' },
          devDependencies: { react: '18.2.0', 'react-dom': '18.2.0', '@t/none': 'workspace:*' },
        },
        'libs/none': { name: '@t/none' },
      },
    });
    expect(deps).toContain(early ? 'react-dom: 18.2.0_react@18.2.0' : 'react-dom@18.2.0(react@18.2.0)');
    expect(prod).not.toMatch(/react-dom|is-number|@t\/none/);
  });
}
