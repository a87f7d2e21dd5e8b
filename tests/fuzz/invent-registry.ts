import type { Dice } from './dice.ts';
import type { InventedPackage } from './invented.ts';

/** Plain names, scoped ones, keys of lockfiles, of JavaScript's objects and numbers, and packages that some managers know better than others. */
const plainNames = ['alder', 'beech', 'cedar', 'elm', 'fir', 'hazel', 'larch', '@tree/oak', '@tree/pine', '@wood/alder', 'rowan', 'willow', 'yew'];
const strangeNames = ['2', '17', 'version', 'name', 'id', 'os', 'engines', 'settings', 'packages', 'a.b', 'x--y_z'];
const hostileNames = ['constructor', 'toString', 'hasOwnProperty'];
/** Packages that berry patches. */
const patchedNames = ['typescript', 'resolve', 'fsevents'];
/** Those to which berry and pnpm add a dependency; with what is added. */
const added = new Map<string, readonly InventedPackage[]>(
  Object.entries({
    got: [
      { name: '@types/responselike', version: '1.0.0' },
      { name: '@types/keyv', version: '3.1.1' },
    ],
    terser: [{ name: 'acorn', version: '8.5.0' }],
    unified: [{ name: '@types/unist', version: '2.0.0' }],
  }),
);

/** Packages, `name@version`, that may be installed without a manifest naming them. */
export const addedByManagers: ReadonlySet<string> = new Set([...added.values()].flat().map(({ name, version }) => `${name}@${version}`));

const platforms = [
  { suffix: 'linux-x64', fields: { os: ['linux'], cpu: ['x64'] } },
  { suffix: 'linux-x64-musl', fields: { os: ['linux'], cpu: ['x64'], libc: ['musl'] } },
  { suffix: 'linux-x64-gnu', fields: { os: ['linux'], cpu: ['x64'], libc: ['glibc'] } },
  { suffix: 'darwin-arm64', fields: { os: ['darwin'], cpu: ['arm64'] } },
  { suffix: 'not-linux', fields: { os: ['!linux'] } },
];

interface Released {
  readonly name: string;
  readonly versions: readonly string[];
}

interface Limits {
  readonly patchable: boolean;
  readonly inheritable: boolean;
}

/**
 * Packages in several majors that depend on each other in every way, cycles included.
 * @param patchable whether there may be packages that yarn patches: yarn 3 fails where its patch does not fit what was invented
 * @param inheritable whether there may be names that every object of JavaScript knows: pnpm before 12 and yarn 1 fall over them
 */
export function inventRegistry(dice: Dice, { patchable, inheritable }: Limits): readonly InventedPackage[] {
  const hostile = inheritable && dice.chance(0.04) ? [dice.pick(hostileNames)] : [];
  const known = [...(patchable ? patchedNames : []), ...added.keys()];
  const names = [...dice.some(plainNames, 9), ...dice.some(strangeNames, 3), ...dice.some(known, 3), ...hostile, 'ash'];
  const released = names.map((name): Released => ({ name, versions: inventVersions(dice) }));
  const packages = released.flatMap(({ name, versions }) => versions.map((version) => inventPackage(dice, name, version, released)));
  return [...packages, ...names.flatMap((name) => added.get(name) ?? []), ...(dice.chance(0.5) ? inventPlatforms(dice) : [])];
}

/** Ascending. */
function inventVersions(dice: Dice): readonly string[] {
  const majors = dice.some([0, 1, 2, 3], 3);
  const versions = (majors.length === 0 ? [1] : majors).flatMap((major) => {
    const minor = dice.between(0, 4);
    const first = `${major}.${minor}.${dice.between(0, 3)}`;
    return [...(dice.chance(0.1) ? [`${major}.${minor}.0-beta.1`] : []), first, ...(dice.chance(0.4) ? [`${major}.${minor + 1}.0`] : [])];
  });
  return [...new Set(versions)].filter((version) => !version.endsWith('beta.1') || !versions.includes(version.replace('-beta.1', '')));
}

function inventPackage(dice: Dice, name: string, version: string, released: readonly Released[]): InventedPackage {
  const others = released.filter((other) => other.name !== name);
  const dependencies = mapOf(dice, dice.some(others, dice.pick([0, 1, 2, 3])), 0.12);
  const optional = dice.chance(0.1) ? mapOf(dice, dice.some(others, 1), 0) : {};
  const candidates = others.filter((other) => !(other.name in dependencies) && !(other.name in optional));
  const peers = dice.chance(0.25) ? dice.some(candidates, 2) : [];
  const meta = peers.filter(() => dice.chance(0.4)).map((peer) => [peer.name, { optional: true }]);
  const bundled = dice.chance(0.04) ? Object.keys(dependencies).filter((alias) => /^(\*|>=[^ ]+)$/.test(dependencies[alias] ?? '')) : [];
  return {
    name,
    version,
    ...(dice.chance(0.2) ? { bin: { [`${name.replace(/\W/g, '')}-bin`]: 'bin.js' } } : {}),
    ...field('dependencies', dependencies),
    ...field('optionalDependencies', optional),
    ...field('peerDependencies', Object.fromEntries(peers.map((peer) => [peer.name, looseRange(dice, peer)]))),
    ...field('peerDependenciesMeta', Object.fromEntries(meta)),
    ...(bundled.length > 0 ? { bundleDependencies: bundled } : {}),
    ...(dice.chance(0.08) ? { deprecated: dice.pick(['use another', 'it\'s: "gone"\nsince long', 'vorbei – über alle Maße']) } : {}),
    ...(dice.chance(0.15) ? { engines: { node: dice.pick(['>=4', '>= 6.0.0', '*']) } } : {}),
  };
}

/** A package with a program for each platform, as esbuild and its like are published. */
function inventPlatforms(dice: Dice): readonly InventedPackage[] {
  const versions = dice.chance(0.5) ? ['1.0.0', '2.0.0'] : ['1.0.0'];
  const chosen = platforms.filter(() => dice.chance(0.7));
  return versions.flatMap((version) => [
    ...chosen.map(({ suffix, fields }) => ({ name: `@native/${suffix}`, version, ...fields })),
    { name: 'native', version, ...field('optionalDependencies', Object.fromEntries(chosen.map(({ suffix }) => [`@native/${suffix}`, version]))) },
  ]);
}

/** Dependencies on some of these packages, a few of them under another name. */
function mapOf(dice: Dice, packages: readonly Released[], aliased: number): Record<string, string> {
  return Object.fromEntries(
    packages.map((each) => {
      const range = rangeOf(dice, each.versions);
      return dice.chance(aliased) ? [`${each.name.replace(/\W/g, '')}-alias`, `npm:${each.name}@${range}`] : [each.name, range];
    }),
  );
}

/** A range that one of the versions, at least, satisfies. */
export function rangeOf(dice: Dice, versions: readonly string[]): string {
  const version = dice.pick(versions);
  if (version.includes('-')) return dice.pick([version, `^${version}`]);
  const [major = '0', minor = '0'] = version.split('.');
  return dice.pick([
    `^${version}`,
    `^${version}`,
    `^${major}.${minor}.0`,
    `~${version}`,
    version,
    `>=${version}`,
    `${major}.x`,
    `^${version} || ^9.0.0`,
    `>=${version} <${Number(major) + 1}`,
    '*',
  ]);
}

/** What a peer may be: mostly several majors. */
function looseRange(dice: Dice, { versions }: Released): string {
  const majors = [...new Set(versions.map((version) => version.split('.')[0]))];
  return dice.pick(['*', `>=${versions[0]}`, majors.map((major) => `${major}.x`).join(' || '), rangeOf(dice, versions)]);
}

export function field<Value extends object>(name: string, value: Value): Readonly<Record<string, Value>> {
  return Object.keys(value).length === 0 ? {} : { [name]: value };
}
