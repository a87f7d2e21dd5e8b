import { describe, expect, it } from 'vitest';
import { ErrorCode, type StowageError } from '../../../packages/core/src/errors.ts';
import { pnpm } from '../../../packages/core/src/package-managers/pnpm/adapter.ts';
import { pnpmWorkspace, pruneTo } from '../../kit/pnpm.ts';

const app = 'apps/app/package.json';
const other = 'apps/other/package.json';
const json = (value: unknown): string => JSON.stringify(value);
const manifests = (ofApp: object, ofOther: object, root: object = {}) => ({
  'package.json': json({ name: 'root', ...root }),
  [app]: json({ name: 'app', ...ofApp }),
  [other]: json({ name: 'other', ...ofOther }),
});
/** A 9.0 lockfile with these importers, as lines, and packages that have no dependencies. */
const lock = (importers: string, packages: string, snapshots: string, head = ''): string =>
  `lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n${head}\nimporters:\n\n${importers}\npackages:\n\n${packages}\nsnapshots:\n\n${snapshots}`;
const dependency = (name: string, version: string, map = 'dependencies'): string =>
  `    ${map}:\n      ${name}:\n        specifier: ${version}\n        version: ${version}\n`;

const two = lock(
  `  .: {}\n\n  apps/app:\n${dependency('a', '1.0.0')}\n  apps/other:\n${dependency('b', '1.0.0')}`,
  `  a@1.0.0:\n    resolution: {integrity: sha512-a==}\n    deprecated: |-\n      Line one:\n\n      '? line' two\n\n  b@1.0.0:\n    resolution: {integrity: sha512-b==}\n`,
  '  a@1.0.0: {}\n\n  b@1.0.0: {}\n',
);
const twoManifests = manifests({ dependencies: { a: '1.0.0' } }, { dependencies: { b: '1.0.0' } });
const only = lock(
  `  .: {}\n\n  apps/app:\n${dependency('a', '1.0.0')}`,
  `  a@1.0.0:\n    resolution: {integrity: sha512-a==}\n    deprecated: |-\n      Line one:\n\n      '? line' two\n`,
  '  a@1.0.0: {}\n',
);
const prune = (files: Readonly<Record<string, string>>, mode: 'deps' | 'prod' = 'deps', version?: string) =>
  pruneTo(pnpmWorkspace(files, version), 'apps/app', mode);

async function failure(action: () => unknown): Promise<StowageError> {
  try {
    await action();
  } catch (error) {
    return error as StowageError;
  }
  throw new Error('nothing was thrown');
}

describe('the text of a pruned lockfile', () => {
  it('keeps entries byte for byte, literal text with blank lines included', async () => {
    expect((await prune({ ...twoManifests, 'pnpm-lock.yaml': two })).lockfile).toBe(only);
  });

  it.each([
    ['carriage returns', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    [
      'a document about pnpm itself',
      (text: string) => `---\nlockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    configDependencies: {}\n\n---\n${text}`,
    ],
    ['no newline at the end', (text: string) => text.trimEnd()],
  ])('keeps %s', async (_, form) => {
    const { lockfile } = await prune({ ...twoManifests, 'pnpm-lock.yaml': form(two) });
    expect(lockfile.trimEnd()).toBe(form(only).trimEnd());
  });

  it('keeps sections that it does not know', async () => {
    const text = two.replace('\nimporters', '\nfutureChecksum: sha256-x\n\nimporters').concat('\nzukunft:\n  - one\n');
    const { lockfile } = await prune({ ...twoManifests, 'pnpm-lock.yaml': text });
    expect(lockfile).toBe(only.replace('\nimporters', '\nfutureChecksum: sha256-x\n\nimporters').concat('\nzukunft:\n  - one\n'));
  });

  it('drops sections that end empty', async () => {
    const head = `\ncatalogs:\n  default:\n    b:\n      specifier: 1.0.0\n      version: 1.0.0\n\npatchedDependencies:\n  b@1.0.0: ${'a'.repeat(64)}\n`;
    const text = two
      .replace(`  b@1.0.0: {}`, `  b@1.0.0(patch_hash=${'a'.repeat(64)}): {}`)
      .replace(/(specifier: )1\.0\.0(\n +version: 1\.0\.0)(\n\npackages)/, `$1'catalog:'$2(patch_hash=${'a'.repeat(64)})$3`);
    const { lockfile } = await prune(
      {
        ...manifests({ devDependencies: { a: '1.0.0' } }, { dependencies: { b: 'catalog:' } }),
        'pnpm-lock.yaml': text.replace('    dependencies:\n      a:', '    devDependencies:\n      a:').replace('\nimporters', `${head}\nimporters`),
      },
      'prod',
    );
    expect(lockfile).toBe(
      "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n\nimporters:\n\n  .: {}\n\n  apps/app: {}\n",
    );
  });

  it('keeps an entry with an explicit key', async () => {
    const long = `a@1.0.0(${'x'.repeat(1100)}@1.0.0)`;
    const text = lock(
      `  .: {}\n\n  apps/app:\n    dependencies:\n      a:\n        specifier: 1.0.0\n        version: ${long.slice(2)}\n\n  apps/other:\n${dependency('b', '1.0.0')}`,
      '  a@1.0.0:\n    resolution: {integrity: sha512-a==}\n\n  b@1.0.0:\n    resolution: {integrity: sha512-b==}\n',
      `  ? ${long}\n  : dependencies:\n      b: 1.0.0\n\n  b@1.0.0: {}\n`,
    );
    const { lockfile } = await prune({ ...twoManifests, 'pnpm-lock.yaml': text });
    expect(lockfile).toContain(`  ? ${long}\n  : dependencies:\n      b: 1.0.0\n\n  b@1.0.0: {}\n`);
  });

  it('marks what only optional dependencies need, and only that', async () => {
    const text = lock(
      `  .: {}\n\n  apps/app:\n    dependencies:\n      a:\n        specifier: 1.0.0\n        version: 1.0.0\n\n  apps/other:\n${dependency('b', '1.0.0')}`,
      '  a@1.0.0:\n    resolution: {integrity: sha512-a==}\n\n  b@1.0.0:\n    resolution: {integrity: sha512-b==}\n\n  c@1.0.0:\n    resolution: {integrity: sha512-c==}\n',
      '  a@1.0.0:\n    optionalDependencies:\n      b: 1.0.0\n\n  b@1.0.0:\n    dependencies:\n      c: 1.0.0\n\n  c@1.0.0: {}\n',
    );
    const { lockfile } = await prune({ ...twoManifests, 'pnpm-lock.yaml': text });
    expect(lockfile).toContain('  b@1.0.0:\n    dependencies:\n      c: 1.0.0\n    optional: true\n\n  c@1.0.0:\n    optional: true\n');
  });

  it('keeps what a pnpmfile or devEngines added to an importer, and a runtime', async () => {
    const runtime = `    devDependencies:\n      node:\n        specifier: runtime:22.0.0\n        version: runtime:22.0.0\n`;
    const text = two
      .replace('\npackages', `${''}\npackages`)
      .replace('  apps/app:\n    dependencies:\n      a:\n        specifier: 1.0.0\n        version: 1.0.0\n', `$&${runtime}`)
      .replace(
        '\nsnapshots',
        '\n  node@runtime:22.0.0:\n    resolution:\n      type: variations\n      variants: []\n    version: 22.0.0\n    hasBin: true\n\nsnapshots',
      )
      .concat('\n  node@runtime:22.0.0: {}\n');
    for (const mode of ['deps', 'prod'] as const) {
      const { lockfile, install } = await prune({ ...twoManifests, 'pnpm-lock.yaml': text }, mode);
      expect(lockfile).toContain(runtime);
      expect(install.resolutions).toContainEqual({ name: 'node', version: '22.0.0', neededBy: ['apps/app'] });
    }
  });
});

describe('a 6.0 lockfile', () => {
  const flat = `lockfileVersion: '6.0'\n\nsettings:\n  autoInstallPeers: true\n\ndependencies:\n  a:\n    specifier: 1.0.0\n    version: 1.0.0\n\ndevDependencies:\n  b:\n    specifier: 1.0.0\n    version: 1.0.0\n\npackages:\n\n  /a@1.0.0:\n    resolution: {integrity: sha512-a==}\n    dev: false\n\n  /b@1.0.0:\n    resolution: {integrity: sha512-b==}\n    dev: true\n`;

  it('without importers is that of its root', async () => {
    const root = (fields: object) => pnpmWorkspace({ 'package.json': json({ name: 'root', ...fields }), 'pnpm-lock.yaml': flat }, '8.15.9');
    const both = root({ dependencies: { a: '1.0.0' }, devDependencies: { b: '1.0.0' } });
    expect((await pruneTo(both, '.', 'deps')).lockfile).toBe(flat);
    expect((await pruneTo(both, '.', 'prod')).lockfile).toBe(flat.replace(/\ndevDependencies:(\n {2}.*)+\n/, '').replace(/\n {2}\/b(.*\n?)*$/, ''));
    const peer = root({ dependencies: { a: '1.0.0' }, devDependencies: { b: '1.0.0' }, peerDependencies: { b: '*' } });
    const { lockfile } = await pruneTo(peer, '.', 'prod');
    expect(lockfile).toContain(
      'dependencies:\n  a:\n    specifier: 1.0.0\n    version: 1.0.0\n  b:\n    specifier: 1.0.0\n    version: 1.0.0\n\npackages:',
    );
    expect(lockfile).toContain('/b@1.0.0:\n    resolution: {integrity: sha512-b==}\n    dev: false\n');
  });
});

describe('resolutions', () => {
  it('say who needs which version', async () => {
    const { install } = await prune({ ...twoManifests, 'pnpm-lock.yaml': two });
    expect(install.resolutions).toEqual([{ name: 'a', version: '1.0.0', neededBy: ['apps/app'] }]);
  });
});

describe('a lockfile that does not hold together', () => {
  it('names the entry that is missing, and the line of what needs it', async () => {
    const text = two.replace('  a@1.0.0: {}\n\n', '');
    const error = await failure(() => prune({ ...twoManifests, 'pnpm-lock.yaml': text }));
    expect(error).toMatchObject({ code: ErrorCode.LockfileInconsistent, where: { file: 'pnpm-lock.yaml', key: 'apps/app' } });
    expect(text.split('\n')[(error.where?.line ?? 0) - 1]).toBe('      a:');
    expect(error.message).toContain('a 1.0.0');
  });

  it('names a snapshot without its package', async () => {
    const text = two.replace(/ {2}a@1\.0\.0:\n {4}res(.*\n)*?\n {2}b@/, '  b@');
    const error = await failure(() => prune({ ...twoManifests, 'pnpm-lock.yaml': text }));
    expect(error).toMatchObject({ code: ErrorCode.LockfileInconsistent, where: { key: 'a@1.0.0' } });
  });

  it('names a patched package whose patch the lockfile does not know', async () => {
    const patched = `1.0.0(patch_hash=${'a'.repeat(64)})`;
    const text = two.replace('version: 1.0.0\n', `version: ${patched}\n`).replace('  a@1.0.0: {}', `  a@${patched}: {}`);
    const error = await failure(() => prune({ ...twoManifests, 'pnpm-lock.yaml': text }));
    expect(error).toMatchObject({ code: ErrorCode.LockfileInconsistent, where: { key: `a@${patched}` } });
  });

  it('refuses a layout that pnpm does not print', async () => {
    const error = await failure(() =>
      prune({ ...twoManifests, 'pnpm-lock.yaml': two.replace(/snapshots:\n\n(.*\n)*$/, 'snapshots: {a@1.0.0: {}, b@1.0.0: {}}\n') }),
    );
    expect(error).toMatchObject({ code: ErrorCode.LockfileSyntax, hint: expect.stringContaining('pnpm install') });
  });

  it('names the dependency that a manifest has and the lockfile has not', async () => {
    const files = { ...twoManifests, [app]: json({ name: 'app', dependencies: { a: '1.0.0', z: '1.0.0' } }), 'pnpm-lock.yaml': two };
    expect(await failure(() => prune(files))).toMatchObject({
      code: ErrorCode.LockfileOutdated,
      where: { file: app, key: 'dependencies.z' },
      hint: expect.stringContaining('pnpm install --lockfile-only'),
    });
  });

  it.each([
    ['a peer', { peerDependencies: { z: '*' } }, ''],
    ['an optional dependency', { optionalDependencies: { z: '*' } }, ''],
    ['what an override removes', { dependencies: { z: '*' } }, "\noverrides:\n  app>z: '-'\n"],
    ['what a pnpmfile removes', { dependencies: { z: '*' } }, '\npnpmfileChecksum: sha256-x\n'],
  ] as [string, { dependencies?: object }, string][])('lets %s be missing', async (_, more, head) => {
    const files = {
      ...twoManifests,
      [app]: json({ name: 'app', ...more, dependencies: { a: '1.0.0', ...more.dependencies } }),
      'pnpm-lock.yaml': two.replace('\nimporters', `${head}\nimporters`),
      'pnpm-workspace.yaml': head.includes('overrides') ? head : '',
    };
    await expect(prune(files)).resolves.toBeDefined();
  });

  describe('as it was written for other manifests or settings', () => {
    const changed = (manifest: object, head = '', settings = '', root: object = {}, version?: string) =>
      prune(
        {
          ...manifests({ dependencies: { a: '1.0.0' }, ...manifest }, { dependencies: { b: '1.0.0' } }, root),
          'pnpm-lock.yaml': two.replace('\nimporters', `${head}\nimporters`),
          'pnpm-workspace.yaml': `packages: [apps/*]\n${settings}`,
        },
        'deps',
        version,
      );

    it.each([
      ['a changed specifier', { dependencies: { a: '^1.0.0' } }, 'dependencies.a', 'a@^1.0.0, and pnpm-lock.yaml has it as 1.0.0'],
      ['a dependency that is no more', { dependencies: {} }, 'dependencies.a', 'which does not depend on it'],
      ['one that moved', { dependencies: {}, devDependencies: { a: '1.0.0' } }, 'devDependencies.a', 'among the dependencies'],
    ])('names %s', async (_, manifest, key, message) => {
      const error = await failure(() => changed(manifest));
      expect(error).toMatchObject({ code: ErrorCode.LockfileOutdated, where: { file: app, key }, message: expect.stringContaining(message) });
    });

    it.each([
      ['a new override', '', 'overrides:\n  b: 2.0.0\n', {}, 'pnpm-workspace.yaml', 'overrides.b'],
      ['an override that is no more', '\noverrides:\n  b: 2.0.0\n', '', {}, 'pnpm-workspace.yaml', 'overrides.b'],
      ['a changed override', '\noverrides:\n  b: 2.0.0\n', '', { pnpm: { overrides: { b: '3.0.0' } } }, 'package.json', 'overrides.b'],
      ['a changed setting', '', 'autoInstallPeers: false\n', {}, 'pnpm-workspace.yaml', 'autoInstallPeers'],
    ])('names %s', async (_, head, settings, root, file, key) => {
      const error = await failure(() => changed({}, head, settings, root));
      expect(error).toMatchObject({ code: ErrorCode.LockfileOutdated, where: { file, key } });
    });

    it('names a changed catalog, of those that the app uses', async () => {
      const catalogs =
        '\ncatalogs:\n  default:\n    a:\n      specifier: 1.0.0\n      version: 1.0.0\n    b:\n      specifier: 1.0.0\n      version: 1.0.0\n';
      const files = (a: string, b: string) => ({
        ...manifests({ dependencies: { a: 'catalog:' } }, { dependencies: { b: 'catalog:' } }),
        'pnpm-lock.yaml': two
          .replace('\nimporters', `${catalogs}\nimporters`)
          .replaceAll('specifier: 1.0.0\n        v', "specifier: 'catalog:'\n        v"),
        'pnpm-workspace.yaml': `packages: [apps/*]\ncatalog:\n  a: ${a}\n  b: ${b}\n`,
      });
      await expect(prune(files('1.0.0', '2.0.0'))).resolves.toBeDefined();
      expect(await failure(() => prune(files('2.0.0', '1.0.0')))).toMatchObject({
        code: ErrorCode.LockfileOutdated,
        where: { file: 'pnpm-workspace.yaml', key: 'catalog.a' },
      });
    });

    it.each([
      ['an override of the dependency', { dependencies: { a: '^9.0.0' } }, '\noverrides:\n  a: 1.0.0\n', 'overrides: {a: 1.0.0}\n', {}],
      [
        'one that refers to the root',
        {},
        '\noverrides:\n  x: ^3.0.0\n',
        '',
        { pnpm: { overrides: { x: '$t' } }, optionalDependencies: { t: '^3.0.0' } },
      ],
      ['overrides in both files, of which one counts', {}, '\noverrides:\n  x: 1.0.0\n', 'overrides: {x: 1.0.0}\n', { resolutions: { x: '2' } }],
      ['a peer that is installed too', { dependencies: {}, peerDependencies: { a: '*' } }, '', '', {}],
      ['what packageExtensions add', { dependencies: {} }, '\npackageExtensionsChecksum: sha256-x\n', '', {}],
      ['what a pnpmfile may have changed', { dependencies: { a: '2' } }, '\npnpmfileChecksum: sha256-x\n', '', {}],
    ])('takes %s for what it is', async (_, manifest, head, settings, root) => {
      await expect(changed(manifest, head, settings, root)).resolves.toBeDefined();
    });

    it('asks pnpm 11 for no override of package.json', async () => {
      const root = { pnpm: { overrides: { b: '2.0.0' } } };
      await expect(changed({}, '', '', root, '11.28.11')).resolves.toBeDefined();
      expect(await failure(() => changed({}, '', '', root))).toMatchObject({ where: { file: 'package.json', key: 'overrides.b' } });
    });
  });

  it('explains lockfiles of each workspace', async () => {
    const alone = lock(`  .:\n${dependency('a', '1.0.0')}`, '  a@1.0.0:\n    resolution: {integrity: sha512-a==}\n', '  a@1.0.0: {}\n');
    const error = await failure(() =>
      prune({ ...manifests({ dependencies: { a: '1.0.0' } }, {}, { dependencies: { a: '1.0.0' } }), 'pnpm-lock.yaml': alone }),
    );
    expect(error).toMatchObject({ code: ErrorCode.LockfileOutdated, hint: expect.stringContaining('sharedWorkspaceLockfile') });
    const told = await failure(() => prune({ ...twoManifests, 'pnpm-lock.yaml': two, '.npmrc': 'shared-workspace-lockfile=false\n' }));
    expect(told).toMatchObject({ code: ErrorCode.InvalidSettings, where: { file: '.npmrc' } });
  });
});

describe('edges', () => {
  const edges = (ofApp: object, importer: string) => {
    const text = lock(
      `  .: {}\n\n  apps/app:\n${importer}\n  apps/other: {}\n`,
      '  a@1.0.0:\n    resolution: {integrity: sha512-a==}\n',
      '  a@1.0.0: {}\n',
    );
    const { importers, files, lockfile } = pnpmWorkspace({ ...manifests(ofApp, {}), 'pnpm-lock.yaml': text });
    return pnpm.edges(pnpm.parse(lockfile), importers.find(({ id }) => id === 'apps/app') as never, importers, files);
  };

  it('come one for each map that names a dependency, in the order of maps and names', () => {
    const target = { package: 'a@1.0.0' };
    expect(edges({ peerDependencies: { a: '*', z: '*' }, devDependencies: { a: '^1.0.0' } }, dependency('a', '1.0.0', 'devDependencies'))).toEqual([
      { kind: 'devDependencies', alias: 'a', specifier: '^1.0.0', target },
      { kind: 'peerDependencies', alias: 'a', specifier: '*', target },
    ]);
  });

  it.each([
    ['link:../other', { importer: 'apps/other' }],
    ['link:../other/dist', { importer: 'apps/other' }],
    ['link:.', { importer: 'apps/app' }],
    ['link:vendor/x', { folder: 'apps/app/vendor/x' }],
    ['link:../../vendor/x', { folder: 'vendor/x' }],
    ['link:../../../elsewhere', { folder: '../elsewhere' }],
    ['1.0.0', { package: 'a@1.0.0' }],
    ['a@1.0.0', { package: 'a@1.0.0' }],
  ])('lead from %s to %o', (version, target) => {
    const importer = `    dependencies:\n      ${version === 'a@1.0.0' ? 'alias' : 'a'}:\n        specifier: x\n        version: ${version}\n`;
    expect(edges({ dependencies: { [version === 'a@1.0.0' ? 'alias' : 'a']: 'x' } }, importer).map((edge) => edge.target)).toEqual([target]);
  });
});
