import type { Manifest, PackageManagerId } from '@stowage/core';
import { type Dice, seeded } from './dice.ts';
import { field, inventRegistry, rangeOf } from './invent-registry.ts';
import { inventSettings } from './invent-settings.ts';
import { dependencyKinds, type InventedImporter, type InventedPackage, type InventedRepository } from './invented.ts';
import { major, minor } from './version.ts';

type Manager = InventedRepository['manager'];
type Kind = (typeof dependencyKinds)[number];

/** A workspace package before its dependencies are known. */
interface Member {
  readonly id: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
}

/** The repository that a seed stands for, for one release of a manager. */
export function repositoryOf(seed: number, manager: Manager): InventedRepository {
  return seeded(seed, (dice) => inventRepository(dice, manager));
}

function inventRepository(dice: Dice, manager: Manager): InventedRepository {
  const registry = inventRegistry(dice, {
    patchable: !(manager.id === 'yarn-berry' && major(manager.version) < 4),
    inheritable: manager.id !== 'yarn-classic' && !(manager.id === 'pnpm' && major(manager.version) < 12),
  });
  const members = inventMembers(dice, manager, registry);
  const plain = dice.chance(0.4);
  const importers = members.map((member) => inventImporter(dice, manager, member, members, registry, plain));
  const root: InventedImporter = {
    id: '.',
    manifest: {
      name: 'invented',
      private: true,
      packageManager: `${manager.id.startsWith('yarn') ? 'yarn' : manager.id}@${manager.version}`,
      ...(manager.id === 'pnpm' ? {} : { workspaces: globsOf(dice, members) }),
      ...inventMaps(dice, manager, { id: '.', name: undefined, version: undefined }, dice.chance(0.4) ? members : [], registry, plain, [
        'dependencies',
        'devDependencies',
      ]),
    },
  };
  return inventSettings(dice, { manager, registry, importers: [root, ...importers] }, { globs: globsOf(dice, members), plain });
}

function inventMembers(dice: Dice, { id: manager, version: release }: Manager, registry: readonly InventedPackage[]): readonly Member[] {
  const count = dice.between(2, 8);
  const folders = [
    'apps/api',
    'packages/ui',
    'apps/web',
    'packages/util',
    'packages/ui/plugins/theme',
    'packages/config',
    'tools/lint',
    'packages/data',
  ];
  // bun 1.3 leaves such a workspace out of its lockfile where the root depends on the other
  const shadowed = dice.chance(0.06) && !(manager === 'bun' && minor(release) < 4) ? dice.pick(registry) : undefined;
  return folders.slice(0, count).map((id, index) => {
    const short = id.replace(/^.*\//, '');
    const unnamed = index > 3 && (manager === 'pnpm' || manager === 'yarn-berry') && dice.chance(0.05);
    const name = index === 1 && shadowed !== undefined ? shadowed.name : dice.pick([`@acme/${short}`, `@acme/${short}`, `acme-${short}`]);
    const version = shadowed !== undefined && index === 1 ? shadowed.version : dice.pick(['1.0.0', '0.3.2', '2.1.0', '1.0.0-rc.1', '0.0.0']);
    return { id, name: unnamed ? undefined : name, version: unnamed || (manager !== 'yarn-classic' && dice.chance(0.06)) ? undefined : version };
  });
}

function globsOf(dice: Dice, members: readonly Member[]): readonly string[] {
  const nested = members.some(({ id }) => id.includes('/plugins/')) ? ['packages/ui/plugins/*'] : [];
  const tools = members.some(({ id }) => id.startsWith('tools/')) ? [dice.pick(['tools/*', 'tools/lint'])] : [];
  return ['apps/*', 'packages/*', ...nested, ...tools];
}

function inventImporter(
  dice: Dice,
  manager: Manager,
  member: Member,
  members: readonly Member[],
  registry: readonly InventedPackage[],
  plain: boolean,
): InventedImporter {
  const short = member.id.replace(/^.*\//, '');
  return {
    id: member.id,
    manifest: {
      ...(member.name === undefined ? {} : { name: member.name }),
      ...(member.version === undefined ? {} : { version: member.version }),
      ...(dice.chance(0.2) ? { bin: { [`${short}-cli`]: './cli.js' } } : {}),
      scripts: { build: `build ${short}`, ...(dice.chance(0.15) ? { postinstall: 'false' } : {}) },
      ...(dice.chance(0.2) ? { engines: { node: '>=4' } } : {}),
      ...inventMaps(dice, manager, member, members, registry, plain, dependencyKinds),
    },
  };
}

/** Dependency maps on the registry and on other members. A name stands in one map, at times in two. */
function inventMaps(
  dice: Dice,
  manager: Manager,
  self: Member,
  members: readonly Member[],
  registry: readonly InventedPackage[],
  plain: boolean,
  kinds: readonly Kind[],
): Partial<Manifest> {
  const maps: Partial<Record<Kind, Record<string, string>>> = {};
  const add = (kind: Kind, alias: string, specifier: string): void => {
    maps[kind] = { ...maps[kind], [alias]: specifier };
  };
  const local = new Set(members.map(({ name }) => name));
  const names = [...new Set(registry.map(({ name }) => name))].filter((name) => !local.has(name) && !name.startsWith('@native/'));
  for (const name of dice.some(names, 4)) {
    const versions = registry.filter((each) => each.name === name).map(({ version }) => version);
    const kind = dice.pick(kinds.length === 2 ? kinds : weightedKinds);
    const range = dice.chance(0.06) ? 'latest' : rangeOf(dice, versions);
    if (kind === 'peerDependencies') {
      add(kind, name, dice.pick(['*', range === 'latest' ? '*' : range]));
      if (dice.chance(0.6)) add('devDependencies', name, range);
    } else if (dice.chance(0.08)) add(kind, `${name.replace(/\W/g, '')}-as`, `npm:${name}@${range}`);
    else {
      add(kind, name, range);
      if (kind === 'dependencies' && kinds.length > 2 && dice.chance(0.05)) add(dice.pick(['devDependencies', 'optionalDependencies']), name, range);
    }
  }
  const others = members.filter((member) => member.id !== self.id && member.name !== undefined);
  for (const member of dice.some(others, 2)) {
    const kind = dice.pick(kinds.length === 2 ? kinds : weightedLocalKinds);
    add(kind, member.name ?? '', localSpecifier(dice, manager.id, member, plain, kind));
  }
  const optionalPeers = Object.keys(maps.peerDependencies ?? {}).filter(() => dice.chance(0.3));
  return { ...maps, ...field('peerDependenciesMeta', Object.fromEntries(optionalPeers.map((name) => [name, { optional: true }]))) };
}

const weightedKinds: readonly Kind[] = [
  'dependencies',
  'dependencies',
  'dependencies',
  'devDependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
];
const weightedLocalKinds: readonly Kind[] = [
  ...['dependencies', 'dependencies', 'dependencies', 'dependencies', 'devDependencies', 'devDependencies'],
  ...['optionalDependencies', 'peerDependencies'],
] as readonly Kind[];

/** How a manager lets a workspace package be named. */
function localSpecifier(dice: Dice, manager: PackageManagerId, { id, version }: Member, plain: boolean, kind: Kind): string {
  const satisfied = version === undefined ? [] : [`^${version}`, version, `~${version}`];
  if (kind === 'peerDependencies')
    return dice.pick(manager === 'npm' || manager === 'yarn-classic' || plain ? ['*'] : ['workspace:*', 'workspace:^']);
  // yarn 1 looks for what no release satisfies in the registry: `*` takes no beta
  if (manager === 'yarn-classic' && version?.includes('-')) return dice.pick(satisfied);
  if (manager === 'npm' || manager === 'yarn-classic') return dice.pick(['*', ...satisfied]);
  const protocol = ['workspace:*', 'workspace:*', 'workspace:^', 'workspace:~', ...satisfied.map((range) => `workspace:${range}`)];
  if (manager === 'yarn-berry' && dice.chance(0.1)) return `workspace:${id}`;
  return plain && satisfied.length > 0 && dice.chance(0.5) ? dice.pick(satisfied) : dice.pick(protocol);
}
