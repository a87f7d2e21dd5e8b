import { describe, expect, it } from 'vitest';
import { ErrorCode } from '../../../packages/core/src/errors.ts';
import type { Importer, Manifest } from '../../../packages/core/src/model.ts';
import type { PrunedInstall } from '../../../packages/core/src/package-managers/adapter.ts';
import { bun } from '../../../packages/core/src/package-managers/bun/adapter.ts';
import { sanitizeBunfig } from '../../../packages/core/src/package-managers/bun/settings.ts';
import { inWrittenOrder } from '../../../packages/core/src/package-managers/bun/written-order.ts';
import { type MemoryFile, memoryFiles } from '../../kit/memory-files.ts';

const text = `{
  "lockfileVersion": 1,
  "configVersion": 1,
  "workspaces": {
    "": {
      "name": "root",
      "devDependencies": {
        "tool": "workspace:*",
      },
    },
    "packages/a": {
      "name": "a",
      "version": "1.0.0",
      "dependencies": {
        "ms": "^1.0.0",
        "once": "catalog:",
      },
    },
    "packages/app": {
      "name": "app",
      "version": "1.2.3",
      "bin": {
        "app": "./app.js",
      },
      "dependencies": {
        "debug": "4.3.4",
        "ms": "catalog:new",
      },
      "devDependencies": {
        "lib": "^2.0.0",
      },
    },
    "packages/lib": {
      "name": "lib",
      "version": "2.0.0",
      "peerDependencies": {
        "once": "*",
      },
      "optionalPeers": [
        "once",
      ],
    },
    "packages/tool": {
      "name": "tool",
    },
  },
  "trustedDependencies": [
    "once",
    "ms",
  ],
  "patchedDependencies": {
    "once@1.4.0": "patches/once.patch",
  },
  "overrides": {
    "wrappy": "1.0.1",
  },
  "catalog": {
    "once": "^1.4.0",
  },
  "catalogs": {
    "new": {
      "ms": "^2.0.0",
      "once": "^1.0.0",
    },
  },
  "packages": {
    "a": ["a@workspace:packages/a"],

    "app": ["app@workspace:packages/app"],

    "debug": ["debug@4.3.4", "", { "dependencies": { "ms": "2.1.2" } }, "sha512-d"],

    "lib": ["lib@workspace:packages/lib"],

    "ms": ["ms@1.0.0", "", {}, "sha512-1"],

    "once": ["once@1.4.0", "", { "dependencies": { "wrappy": "1" } }, "sha512-o"],

    "tool": ["tool@workspace:packages/tool"],

    "wrappy": ["wrappy@1.0.1", "", {}, "sha512-w"],

    "app/ms": ["ms@2.1.3", "", {}, "sha512-3"],

    "debug/ms": ["ms@2.1.2", "", {}, "sha512-2"],
  }
}
`;

const manifests: Readonly<Record<string, Manifest>> = {
  '.': {
    name: 'root',
    workspaces: ['packages/*', 'packages/a/'],
    devDependencies: { tool: 'workspace:*' },
    trustedDependencies: ['ms', 'once'],
    patchedDependencies: { 'once@1.4.0': 'patches/once.patch' },
    overrides: { wrappy: '1.0.1' },
    catalog: { once: '^1.4.0' },
    catalogs: { new: { ms: '^2.0.0', once: '^1.0.0' } },
  },
  'packages/a': { name: 'a', version: '1.0.0', dependencies: { ms: '^1.0.0', once: 'catalog:' } },
  'packages/app': {
    name: 'app',
    version: '1.2.3',
    bin: { app: './app.js' },
    dependencies: { debug: '4.3.4', ms: 'catalog:new' },
    devDependencies: { lib: '^2.0.0' },
  },
  'packages/lib': { name: 'lib', version: '2.0.0', peerDependencies: { once: '*' }, peerDependenciesMeta: { once: { optional: true } } },
  'packages/tool': { name: 'tool' },
};
const workspace: readonly Importer[] = Object.entries(manifests).map(([id, manifest]) => ({ id, name: manifest.name as string, manifest }));
const patches = { 'patches/once.patch': 'patch' };

interface Given {
  readonly text?: string;
  readonly keep?: readonly Importer[];
  readonly files?: Readonly<Record<string, MemoryFile>>;
  readonly version?: string;
}

function prune({ text: given = text, keep = workspace, files = {}, version = '1.4.5' }: Given): PrunedInstall {
  return bun.prune({
    lockfile: bun.parse({ path: 'bun.lock', text: given }),
    packageManager: { id: 'bun', version, source: 'lockfile' },
    scope: { mode: 'deps', importers: keep },
    workspace,
    files: memoryFiles({ ...patches, ...files }),
  });
}

function lockOf(install: PrunedInstall): string {
  const file = install.files.find(({ path }) => path === 'bun.lock');
  return file !== undefined && 'text' in file ? file.text : '';
}

function without(ids: readonly string[], change: (manifest: Manifest) => Manifest = (manifest) => manifest): Importer[] {
  return workspace
    .filter(({ id }) => !ids.includes(id))
    .map((importer) => (importer.id === '.' ? { ...importer, manifest: change(importer.manifest) } : importer));
}

const kept = without(['packages/a', 'packages/tool'], ({ devDependencies: _tool, ...manifest }) => manifest);

/** The 1-based line of the fixture that starts so. */
function lineOf(start: string): number {
  return text.split('\n').findIndex((line) => line.startsWith(start)) + 1;
}

describe("bun's lockfile", () => {
  it('is the same bytes where everything stays, in either line ending', () => {
    expect(lockOf(prune({}))).toBe(text);
    const windows = text.replaceAll('\n', '\r\n');
    expect(lockOf(prune({ text: windows }))).toBe(windows);
  });

  it('gives the top place to what stays, and narrows the sections that name what went', () => {
    const install = prune({ keep: kept });
    const lock = lockOf(install);
    expect([...lock.matchAll(/^ {4}"([^"]+)": (\[.*\]),$/gm)].map(([, key, tuple]) => [key, tuple?.split('"')[1]])).toEqual([
      ['app', 'app@workspace:packages/app'],
      ['debug', 'debug@4.3.4'],
      ['lib', 'lib@workspace:packages/lib'],
      ['ms', 'ms@2.1.3'],
      ['debug/ms', 'ms@2.1.2'],
    ]);
    for (const gone of ['packages/a"', 'packages/tool', 'patchedDependencies', '"catalog"', '"once": "^1']) expect(lock).not.toContain(gone);
    expect(lock).toContain('  "overrides": {\n    "wrappy": "1.0.1",\n  },\n  "catalogs": {\n    "new": {\n      "ms": "^2.0.0",\n    },\n  },\n');
    expect(lock).toContain('  "trustedDependencies": [\n    "ms",\n  ],\n');
    expect(install.importers[0]?.manifest).toEqual({
      name: 'root',
      workspaces: ['packages/*'],
      trustedDependencies: ['ms', 'once'],
      overrides: { wrappy: '1.0.1' },
      catalogs: { new: { ms: '^2.0.0' } },
    });
    expect(install.files.map(({ path }) => path)).toEqual(['bun.lock']);
    expect(lockOf(prune({ text: lock, keep: install.importers }))).toBe(lock);
  });

  it('names the packages and who needs them', () => {
    expect(prune({ keep: kept }).resolutions).toEqual([
      { name: 'debug', version: '4.3.4', neededBy: ['packages/app'] },
      { name: 'ms', version: '2.1.2', neededBy: ['debug@4.3.4'] },
      { name: 'ms', version: '2.1.3', neededBy: ['packages/app'] },
    ]);
  });

  it('leads each dependency where the lockfile does', () => {
    const lockfile = bun.parse({ path: 'bun.lock', text });
    expect(bun.edges(lockfile, workspace[2] as Importer, workspace, memoryFiles({}))).toEqual([
      { kind: 'dependencies', alias: 'debug', specifier: '4.3.4', target: { package: 'debug@4.3.4' } },
      { kind: 'dependencies', alias: 'ms', specifier: 'catalog:new', target: { package: 'ms@2.1.3' } },
      { kind: 'devDependencies', alias: 'lib', specifier: '^2.0.0', target: { importer: 'packages/lib' } },
    ]);
    expect(bun.edges(lockfile, workspace[0] as Importer, workspace, memoryFiles({}))).toEqual([
      { kind: 'devDependencies', alias: 'tool', specifier: 'workspace:*', target: { importer: 'packages/tool' } },
    ]);
  });

  it('records masked versions, and keeps a true one where the masked would send bun elsewhere', () => {
    const masked = kept.map((importer) => ({
      ...importer,
      manifest: { ...importer.manifest, ...(importer.id === '.' ? {} : { version: '0.0.0' }) },
    }));
    const install = prune({ keep: masked });
    expect(install.importers.map(({ manifest }) => manifest.version)).toEqual([undefined, '0.0.0', '2.0.0']);
    expect(lockOf(install)).toContain('"name": "app",\n      "version": "0.0.0",\n      "bin": {\n        "app": "./app.js",\n      },');
    expect(lockOf(install)).toContain('"name": "lib",\n      "version": "2.0.0",');
  });

  it('repeats in version 0 the record of a workspace in its tuple', () => {
    const old = text
      .replace('"lockfileVersion": 1', '"lockfileVersion": 0')
      .replace('["tool@workspace:packages/tool"]', '["tool@workspace:packages/tool", {}]')
      .replace('["a@workspace:packages/a"]', '["a@workspace:packages/a", { "dependencies": { "ms": "^1.0.0", "once": "catalog:" } }]')
      .replace('["lib@workspace:packages/lib"]', '["lib@workspace:packages/lib", { "peerDependencies": { "once": "*" }, "optionalPeers": ["once"] }]')
      .replace(
        '["app@workspace:packages/app"]',
        '["app@workspace:packages/app", { "dependencies": { "debug": "4.3.4", "ms": "catalog:new" }, "devDependencies": { "lib": "^2.0.0" }, "bin": { "app": "./app.js" } }]',
      );
    expect(lockOf(prune({ text: old }))).toBe(old);
  });

  it('says what is missing, outdated, unknown or in conflict', () => {
    const failing = (broken: string, keep: readonly Importer[] = kept) => {
      try {
        prune({ text: broken, keep });
      } catch (error) {
        const { code, where } = error as { code: string; where: { file?: string; line?: number; key?: string } };
        return [code, where.file, where.line, where.key];
      }
    };
    expect(failing(text.replace(/ {4}"wrappy": \[.*\n\n/, ''))).toEqual([
      ErrorCode.LockfileInconsistent,
      'bun.lock',
      lineOf('    "once": ['),
      'once',
    ]);
    expect(failing(text.replace('"debug": "4.3.4"', '"debug": "4.3.3"'))).toEqual([
      ErrorCode.LockfileOutdated,
      'packages/app/package.json',
      undefined,
      'debug',
    ]);
    expect(failing(text.replace('"packages/lib": {', '"packages/renamed": {'))?.[0]).toBe(ErrorCode.LockfileOutdated);
    const setting = (key: string) => [ErrorCode.LockfileOutdated, 'package.json', undefined, key];
    expect(failing(text.replace('"wrappy": "1.0.1",\n  },', '"wrappy": "1.0.2",\n  },'))).toEqual(setting('overrides.wrappy'));
    expect(failing(text.replace('"wrappy": "1.0.1",\n  },', '"wrappy": "1.0.1",\n    "gone": "1.0.0",\n  },'))).toEqual(setting('overrides.gone'));
    expect(failing(text.replace(/ {2}"patchedDependencies": \{\n.*\n {2}\},\n/, ''))).toEqual(setting('patchedDependencies.once@1.4.0'));
    expect(failing(text.replace(/ {2}"trustedDependencies": \[\n(?:.*\n)*? {2}\],\n/, ''))?.[3]).toMatch(/^trustedDependencies\./);
    expect(failing(text.replace('"lockfileVersion": 1', '"lockfileVersion": 4'))).toEqual([ErrorCode.LockfileVersion, 'bun.lock', 2, undefined]);
    expect(failing(text.replace('  "workspaces"', '<<<<<<< HEAD\n  "workspaces"'))).toEqual([ErrorCode.LockfileConflict, 'bun.lock', 4, undefined]);
    expect(failing(text.replace('"configVersion": 1,', '"configVersion": 1'))?.slice(0, 3)).toEqual([ErrorCode.LockfileSyntax, 'bun.lock', 4]);
    expect(failing(text.replace('["tool@workspace:packages/tool"]', '"tool"'))).toEqual([
      ErrorCode.LockfileSyntax,
      'bun.lock',
      lineOf('    "tool": ['),
      'tool',
    ]);
    expect(
      failing(
        text,
        workspace.filter(({ id }) => id !== 'packages/lib'),
      )?.[0],
    ).toBe(ErrorCode.LinkLeavesClosure);
  });

  it('is refused beside a binary one, alone as a binary one, and by a bun that does not know its version', () => {
    expect(() => prune({ files: { 'bun.lockb': 'binary' } })).toThrow(expect.objectContaining({ code: ErrorCode.SeveralLockfiles }));
    expect(() => bun.parse({ path: 'bun.lockb', text: '#!/usr/bin/env bun' })).toThrow(expect.objectContaining({ code: ErrorCode.LockfileVersion }));
    const newer = bun.parse({ path: 'bun.lock', text: text.replace('"lockfileVersion": 1', '"lockfileVersion": 2') });
    expect(() => bun.assertAccepts('1.3.11', newer)).toThrow(
      expect.objectContaining({ code: ErrorCode.LockfileVersion, where: { file: 'bun.lock', line: 2 } }),
    );
    expect(() => bun.assertAccepts('1.4.0', newer)).not.toThrow();
    expect(bun.defaultVersion(newer)).toBe('1.4.5');
  });

  it('needs the patches of what stays', () => {
    const paths = prune({}).files.map(({ path }) => path);
    expect(paths).toEqual(['bun.lock', 'patches/once.patch']);
    const missing = bun.parse({ path: 'bun.lock', text });
    const input = {
      lockfile: missing,
      packageManager: { id: 'bun', version: '1.4.5', source: 'lockfile' } as const,
      workspace,
      files: memoryFiles({}),
    };
    expect(() => bun.prune({ ...input, scope: { mode: 'deps', importers: workspace } })).toThrow(
      expect.objectContaining({ code: ErrorCode.MissingFile }),
    );
  });
});

describe("bun's order of trusted and patched packages", () => {
  // As written by bun 1.3.11 for a manifest with five trusted packages, of which four and three were there.
  it('is that of its hash table', () => {
    expect(inWrittenOrder(['@biomejs/biome', '@depot/cli', '@sentry/cli', 'protobufjs'], 5)).toEqual([
      'protobufjs',
      '@biomejs/biome',
      '@depot/cli',
      '@sentry/cli',
    ]);
    expect(inWrittenOrder(['@biomejs/biome', '@depot/cli', 'protobufjs'], 5)).toEqual(['@biomejs/biome', '@depot/cli', 'protobufjs']);
  });
});

describe('bunfig.toml', () => {
  it('goes in with its install tables alone, and without credentials', () => {
    const {
      text: sanitized,
      secrets,
      diagnostics,
    } = sanitizeBunfig(
      'bunfig.toml',
      [
        'preload = ["./setup.ts"]',
        '# token = "old"',
        '[install]',
        'linker = "hoisted" # as before',
        'registry = { url = "https://registry.invalid", token = "abc" }',
        '[install.scopes]',
        '"@a" = { token = "$A_TOKEN", url = "https://a.invalid/#x" }',
        '"@b" = "https://user:secret@b.invalid/"',
        '[test]',
        'root = "src"',
      ].join('\n'),
    );
    expect(sanitized).toBe(
      '[install]\nlinker = "hoisted"\nregistry = { url = "https://registry.invalid" }\n[install.scopes]\n"@a" = { token = "$A_TOKEN", url = "https://a.invalid/#x" }\n',
    );
    expect(secrets).toEqual(['A_TOKEN']);
    expect(diagnostics.map(({ line }) => line)).toEqual([5, 8]);
  });
});
