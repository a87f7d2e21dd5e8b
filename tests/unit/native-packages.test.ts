import { describe, expect, it } from 'vitest';
import { findNativePackages } from '../../packages/core/src/context/native-packages.ts';
import { findPackageNeeds } from '../../packages/core/src/context/package-needs.ts';
import type { Importer, Resolution } from '../../packages/core/src/model.ts';

const resolution = (name: string, neededBy: string[] = ['apps/api'], runtime = true): Resolution => ({ name, version: '1.0.0', neededBy, runtime });
const importer = (id: string, manifest: Importer['manifest']): Importer => ({ id, name: id, manifest }) as Importer;

describe('native packages', () => {
  it('are told by what they depend on', () => {
    const { systemPackages, compiledTwice, diagnostics } = findNativePackages(
      [
        resolution('better-sqlite3'),
        resolution('canvas', ['packages/pictures'], false),
        resolution('isolated-vm'),
        resolution('ms'),
        resolution('nan', ['fsevents@1.0.0']),
        resolution('fsevents'),
        resolution('prebuild-install', ['better-sqlite3@1.0.0', 'canvas@1.0.0', 'sharp@1.0.0']),
        resolution('sharp'),
      ],
      undefined,
    );
    expect(systemPackages).toEqual(['python3', 'make', 'g++']);
    expect(compiledTwice).toEqual(['better-sqlite3@1.0.0', 'isolated-vm@1.0.0']);
    expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining('better-sqlite3, canvas, isolated-vm')]);
  });

  it('bring nothing where there are none, or where the config says what there is to be', () => {
    const sharp = [resolution('sharp'), resolution('prebuild-install', ['sharp@1.0.0'])];
    expect(findNativePackages(sharp, undefined)).toEqual({ systemPackages: [], compiledTwice: [], diagnostics: [] });
    expect(findNativePackages(sharp, ['libvips-dev']).systemPackages).toEqual(['libvips-dev']);
  });
});

describe('browsers', () => {
  const playwright = { ...resolution('playwright'), version: '1.65.1' };
  const runs = (dependencies: Record<string, string>) => [importer('apps/api', { dependencies })];
  const needs = (dependencies: Record<string, string>, config = {}) => {
    const { installBrowsers, runtimeEnv, diagnostics } = findPackageNeeds([playwright], config, runs(dependencies));
    return { installBrowsers, runtimeEnv, codes: diagnostics.map(({ code }) => code) };
  };

  it('of Playwright are there at its version where the app depends on it to run, not where a framework has it as a peer', () => {
    const install = (names: string) => `PLAYWRIGHT_BROWSERS_PATH=/opt/browsers npx --yes playwright@1.65.1 install --with-deps ${names}`;
    const own = { PLAYWRIGHT_BROWSERS_PATH: '/opt/browsers' };
    const playwright = '^1.65.0';
    expect(needs({ playwright })).toEqual({ installBrowsers: [install('chromium')], runtimeEnv: own, codes: ['own-browser'] });
    expect(needs({ next: '16' })).toEqual({ installBrowsers: [], runtimeEnv: {}, codes: [] });
    expect(needs({ next: '16' }, { browsers: ['firefox', 'webkit'] }).installBrowsers).toEqual([install('firefox webkit')]);
    expect(needs({ playwright }, { browsers: [] })).toEqual({ installBrowsers: [], runtimeEnv: {}, codes: [] });
    expect(needs({ playwright }, { runtimePackages: ['chromium'] })).toMatchObject({
      installBrowsers: [],
      runtimeEnv: { CHROME_PATH: '/usr/bin/chromium' },
    });
  });

  it('of Playwright cannot be asked for without it', () =>
    expect(() => findPackageNeeds([], { browsers: ['firefox'] }, [])).toThrow('the app does not run with it'));
});
