import type { DependencyMap, Manifest } from '@stowage/core';
import type { Dice } from './dice.ts';
import { field, rangeOf } from './invent-registry.ts';
import { type InventedRepository, programOf } from './invented.ts';
import { major, minor } from './version.ts';

interface Style {
  readonly globs: readonly string[];
  /** Whether workspace packages may be named by plain ranges. */
  readonly plain: boolean;
}

/** Adds what belongs to the whole repository: overrides, catalogs, patches, and settings of the manager. */
export function inventSettings(dice: Dice, bare: InventedRepository, style: Style): InventedRepository {
  const catalogued = knowsCatalogs(bare.manager) && dice.chance(0.35) ? inventCatalogs(dice, bare) : { repository: bare, catalogs: {} };
  const overrides = dice.chance(0.35) ? inventOverrides(dice, catalogued.repository) : {};
  const patch = dice.chance(0.15) ? inventPatch(dice, bare) : undefined;
  const parts: Parts = { repository: catalogued.repository, catalogs: catalogued.catalogs, overrides, patch, style, dice };
  const { id } = bare.manager;
  if (id === 'pnpm') return pnpmSettings(parts);
  if (id === 'yarn-berry') return berrySettings(parts);
  if (id === 'bun') return bunSettings(parts);
  const settings = field(id === 'npm' ? 'overrides' : 'resolutions', overrides);
  const npmrc =
    id === 'npm' ? dice.pick([undefined, undefined, undefined, { 'legacy-peer-deps': 'true' }, { 'install-strategy': 'nested' }]) : undefined;
  return { ...withRoot(catalogued.repository, settings), ...(npmrc === undefined ? {} : { npmrc }) };
}

interface Parts {
  readonly repository: InventedRepository;
  readonly catalogs: Catalogs;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly patch: Patch | undefined;
  readonly style: Style;
  readonly dice: Dice;
}

interface Catalogs {
  readonly catalog?: DependencyMap;
  readonly catalogs?: Readonly<Record<string, DependencyMap>>;
}

interface Patch {
  readonly name: string;
  readonly version: string;
  readonly text: string;
}

function pnpmSettings({ repository, catalogs, overrides, patch, style, dice }: Parts): InventedRepository {
  const { version } = repository.manager;
  const path = 'patches/one.patch';
  const shared = {
    ...field('overrides', overrides),
    ...(patch === undefined ? {} : { patchedDependencies: { [dice.pick([`${patch.name}@${patch.version}`, patch.name])]: path } }),
  };
  const choices: Record<string, string | boolean> = {
    ...(style.plain ? { linkWorkspacePackages: true } : {}),
    ...(dice.chance(0.2) ? { autoInstallPeers: false } : {}),
    ...(dice.chance(0.15) ? { nodeLinker: 'hoisted' } : {}),
    ...(dice.chance(0.15) ? { dedupePeerDependents: false } : {}),
    ...(dice.chance(0.1) ? { strictPeerDependencies: false, resolvePeersFromWorkspaceRoot: false } : {}),
  };
  const inManifest = major(version) < 10 || (major(version) === 10 && dice.chance(0.4));
  const npmrc = Object.fromEntries(
    Object.entries(choices).map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), `${value}`]),
  );
  return {
    ...(inManifest ? withRoot(repository, field('pnpm', shared)) : repository),
    settings: { packages: style.globs, ...catalogs, ...(inManifest ? {} : { ...shared, ...choices }) },
    ...(inManifest && Object.keys(npmrc).length > 0 ? { npmrc } : {}),
    ...(patch === undefined ? {} : { files: { [path]: patch.text } }),
  };
}

function berrySettings({ repository, catalogs, overrides, patch, dice }: Parts): InventedRepository {
  const path = '.yarn/patches/one.patch';
  const fromRoot = major(repository.manager.version) < 4 ? `./${path}` : `~/${path}`;
  const patched = patch === undefined ? {} : { [patch.name]: `patch:${patch.name}@npm%3A${patch.version}#${fromRoot}` };
  return {
    ...withRoot(repository, field('resolutions', { ...overrides, ...patched })),
    settings: {
      nodeLinker: dice.pick(['node-modules', 'node-modules', 'pnpm']),
      ...(dice.chance(0.1) ? { enableTransparentWorkspaces: true } : {}),
      ...catalogs,
    },
    ...(patch === undefined ? {} : { files: { [path]: patch.text } }),
  };
}

function bunSettings({ repository, catalogs, overrides, patch, dice }: Parts): InventedRepository {
  const root = repository.importers[0]?.manifest ?? {};
  const within = dice.chance(0.5);
  const linker = dice.pick([undefined, 'hoisted', 'isolated']);
  return {
    ...withRoot(repository, {
      ...(within ? { workspaces: { packages: root.workspaces, ...catalogs } } : catalogs),
      ...field(dice.pick(['overrides', 'resolutions']), overrides),
      ...(dice.chance(0.2) ? { trustedDependencies: dice.some([...new Set(repository.registry.map(({ name }) => name))], 3) } : {}),
      ...(patch === undefined ? {} : { patchedDependencies: { [`${patch.name}@${patch.version}`]: 'patches/one.patch' } }),
    }),
    ...(linker === undefined ? {} : { bunfig: { linker: `"${linker}"` } }),
    ...(patch === undefined ? {} : { files: { 'patches/one.patch': patch.text } }),
  };
}

function withRoot(repository: InventedRepository, fields: Partial<Manifest>): InventedRepository {
  const [root, ...members] = repository.importers;
  return root === undefined ? repository : { ...repository, importers: [{ ...root, manifest: { ...root.manifest, ...fields } }, ...members] };
}

function knowsCatalogs({ id, version }: InventedRepository['manager']): boolean {
  return (
    (id === 'pnpm' && major(version) >= 9) ||
    id === 'bun' ||
    (id === 'yarn-berry' && (major(version) > 4 || (major(version) === 4 && minor(version) >= 10)))
  );
}

/** Puts ranges of some dependencies into catalogs; others of the catalogs are used by nobody. */
function inventCatalogs(dice: Dice, repository: InventedRepository): { repository: InventedRepository; catalogs: Catalogs } {
  const names = dice.some([...new Set(repository.registry.map(({ name }) => name))], 4);
  const range = (name: string): string =>
    rangeOf(
      dice,
      repository.registry.filter((each) => each.name === name).map(({ version }) => version),
    );
  const catalog = Object.fromEntries(names.map((name) => [name, range(name)]));
  const old = Object.fromEntries(names.filter(() => dice.chance(0.5)).map((name) => [name, range(name)]));
  const use = (manifest: Manifest): Manifest => {
    const replaced = (['dependencies', 'devDependencies', 'optionalDependencies'] as const).flatMap((kind) => {
      const map = manifest[kind];
      if (map === undefined) return [];
      const entries = Object.entries(map).map(([name, specifier]) => {
        if (!(name in catalog) || dice.chance(0.3)) return [name, specifier];
        return [name, name in old && dice.chance(0.4) ? 'catalog:old' : 'catalog:'];
      });
      return [[kind, Object.fromEntries(entries)]];
    });
    return { ...manifest, ...Object.fromEntries(replaced) };
  };
  const importers = repository.importers.map(({ id, manifest }) => ({ id, manifest: use(manifest) }));
  return {
    repository: { ...repository, importers },
    catalogs: { ...field('catalog', catalog), ...(Object.keys(old).length > 0 ? { catalogs: { old } } : {}) },
  };
}

/** Overrides as the manager spells them: of a package everywhere, below one parent, for some ranges. */
function inventOverrides(dice: Dice, { manager, registry, importers }: InventedRepository): Readonly<Record<string, unknown>> {
  const direct = new Set(
    importers.flatMap(({ manifest }) => Object.keys({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.peerDependencies })),
  );
  const names = [...new Set(registry.map(({ name }) => name))].filter((name) => !name.startsWith('@native/'));
  const entries = dice.some(names, 2).map((name): readonly (readonly [string, unknown])[] => {
    const own = registry.filter((each) => each.name === name);
    const version = dice.pick(own).version;
    const parents = registry.filter((each) => each.dependencies !== undefined && name in each.dependencies).map((each) => each.name);
    const parent = parents.length > 0 && dice.chance(0.5) ? dice.pick(parents) : undefined;
    const value = dice.chance(0.15) ? `npm:${dice.pick(names)}` : version;
    if (manager.id === 'pnpm') {
      const removed = dice.chance(0.1) && parent !== undefined && major(manager.version) >= 9;
      return [[parent === undefined ? dice.pick([name, `${name}@${version}`, `${name}@<9`]) : `${parent}>${name}`, removed ? '-' : value]];
    }
    if (manager.id === 'npm') {
      if (direct.has(name) || (parent !== undefined && direct.has(parent))) return []; // npm refuses to override what the root names itself
      return [parent === undefined ? [name, version] : [parent, { [name]: version }]];
    }
    if (manager.id === 'yarn-classic') return [[parent === undefined ? dice.pick([name, `**/${name}`]) : `${parent}/${name}`, version]];
    if (manager.id === 'yarn-berry') {
      const ranges = registry.flatMap(({ dependencies = {} }) => (name in dependencies ? [dependencies[name] ?? ''] : []));
      const range = ranges.length > 0 && dice.chance(0.3) ? `@npm:${dice.pick(ranges)}` : '';
      return [[parent === undefined ? `${name}${range}` : `${parent}/${name}`, version]];
    }
    return [[name, version]];
  });
  return Object.fromEntries(entries.flat());
}

/**
 * A change of the one line that every invented package has. Managers refuse a patch that nothing uses: it is made for what an importer asks for by
 * its name, of which there is one version.
 */
function inventPatch(dice: Dice, { registry, importers }: InventedRepository): Patch | undefined {
  const named = new Set(importers.flatMap(({ manifest }) => Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })));
  const single = registry.filter(({ name }) => named.has(name) && registry.filter((each) => each.name === name).length === 1);
  if (single.length === 0) return undefined;
  const { name, version } = dice.pick(single);
  const line = programOf({ name, version });
  const text = `diff --git a/index.js b/index.js\n--- a/index.js\n+++ b/index.js\n@@ -1 +1 @@\n-${line}+${line.replace(';', ' + 1;')}`;
  return { name, version, text };
}
