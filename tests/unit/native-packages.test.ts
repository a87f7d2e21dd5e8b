import { describe, expect, it } from 'vitest';
import { findNativePackages } from '../../packages/core/src/context/native-packages.ts';
import { findPackageNeeds } from '../../packages/core/src/context/package-needs.ts';
import type { Resolution } from '../../packages/core/src/model.ts';

const resolution = (name: string, neededBy: string[] = ['apps/api'], runtime = true): Resolution => ({ name, version: '1.0.0', neededBy, runtime });

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
  it('are missed where Playwright runs, not where only tests have it', () => {
    const codes = (runtime: boolean, config = {}) =>
      findPackageNeeds([resolution('playwright', undefined, runtime)], config).diagnostics.map(({ code }) => code);
    expect([codes(true), codes(false), codes(true, { runtimePackages: ['chromium'] })]).toEqual([['no-browser'], [], []]);
  });
});
