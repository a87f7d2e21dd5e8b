import { ErrorCode, StowageError } from '../../errors.ts';
import type { Manifest } from '../../model.ts';
import type { BunLockfile } from './lockfile.ts';
import { objectAt, stringsAt } from './text.ts';

/**
 * The root manifest's overrides, patches, catalogs and trusted packages have to be those that the lockfile records: bun before 1.4 does not look.
 * @throws StowageError LockfileOutdated naming the setting
 */
export function checkSettings(lockfile: BunLockfile, root: Manifest): void {
  const sections = new Map(lockfile.sections.map(({ key, value }) => [key, value] as const));
  const locked = [...lockfile.entries].filter(([key, entry]) => key === entry.package.name || key.endsWith(`/${entry.package.name}`));
  const [ids, names] = [new Set(locked.map(([, entry]) => entry.package.id)), new Set(locked.map(([, entry]) => entry.package.name))];
  const settings: readonly Setting[] = [
    { field: 'overrides', set: overridesOf(root), recorded: objectAt(sections, 'overrides'), isRecorded: isPlainOverride },
    {
      field: 'patchedDependencies',
      set: recordOf(root.patchedDependencies),
      recorded: objectAt(sections, 'patchedDependencies'),
      isRecorded: (id) => ids.has(id),
    },
    {
      field: 'trustedDependencies',
      set: namesOf(root.trustedDependencies),
      recorded: namesOf(stringsAt(sections, 'trustedDependencies')),
      isRecorded: (name) => names.has(name),
    },
    ...catalogSettings(lockfile, root),
  ];
  for (const { field, set, recorded, isRecorded } of settings) {
    const unset = [...recorded.keys()].find((key) => !set.has(key));
    const [key = unset] = [...set].find(([each, value]) => isRecorded(each, value) && recorded.get(each) !== value) ?? [];
    if (key !== undefined) throw outdated(lockfile, `${field}.${key}`, set.get(key), recorded.get(key));
  }
}

interface Setting {
  readonly field: string;
  readonly set: ReadonlyMap<string, unknown>;
  readonly recorded: ReadonlyMap<string, unknown>;
  /** Whether bun writes an entry into the lockfile: one about a package that is not locked it leaves out. */
  readonly isRecorded: (key: string, value: unknown) => boolean;
}

function outdated({ path }: BunLockfile, key: string, set: unknown, recorded: unknown): StowageError {
  const told = (value: unknown): string => (value === undefined ? 'nothing' : value === true ? 'it' : JSON.stringify(value));
  return new StowageError(ErrorCode.LockfileOutdated, `For ${key} package.json has ${told(set)} and ${path} ${told(recorded)}.`, {
    where: { file: 'package.json', key },
    hint: `Run \`bun install\` and commit ${path}: bun before 1.4 installs frozen whatever the two say.`,
  });
}

/** Catalogs stand at the top of the manifest or inside `workspaces`; one that nobody uses need not be recorded. */
function catalogSettings({ catalogs, workspaces }: BunLockfile, root: Manifest): Setting[] {
  const used = new Set(
    [...workspaces.values()].flatMap((each) => each.package.dependencies.map(({ name, specifier }) => `${specifier.trim()} ${name}`)),
  );
  const holders = [root, root.workspaces].map((holder) => recordOf(holder));
  const named = holders.flatMap((holder) => [...recordOf(holder.get('catalogs')).keys()]);
  return [...new Set([...catalogs.keys(), ...named])].map((catalog) => ({
    field: catalog === '' ? 'catalog' : `catalogs.${catalog}`,
    set: new Map(holders.flatMap((holder) => [...recordOf(catalog === '' ? holder.get('catalog') : recordOf(holder.get('catalogs')).get(catalog))])),
    recorded: catalogs.get(catalog) ?? new Map(),
    isRecorded: (name) => catalogs.get(catalog)?.has(name) === true || used.has(`catalog:${catalog} ${name}`),
  }));
}

/** Where both are there, bun reads `overrides` alone. */
function overridesOf({ overrides, resolutions }: Manifest): ReadonlyMap<string, unknown> {
  const set = Object.entries((overrides ?? resolutions ?? {}) as Record<string, unknown>);
  return new Map(set.map(([key, value]) => [key.replace(/^\*\*\//, ''), value] as const));
}

/** Every release records an override of one package everywhere; those below a parent bun 1.4 alone knows. */
function isPlainOverride(key: string, value: unknown): boolean {
  return typeof value === 'string' && !value.startsWith('$') && /^(?:@[^/@]+\/)?[^/@]+$/.test(key);
}

function recordOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries((value ?? {}) as Record<string, unknown>));
}

function namesOf(names: unknown): ReadonlyMap<string, true> {
  return new Map((Array.isArray(names) ? names : []).map((name) => [String(name), true]));
}
