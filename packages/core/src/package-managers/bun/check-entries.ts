import semver from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Diagnostic } from '../../model.ts';
import { rangeOf } from './catalogs.ts';
import type { BunDependency, BunEntry, BunLockfile, BunPackage } from './lockfile.ts';
import type { Json, JsonObject } from './text.ts';

/** What is installed: packages, and where the dependencies of each lead. */
interface Installed {
  readonly lockfile: BunLockfile;
  readonly root: BunPackage;
  readonly placed: ReadonlySet<BunPackage>;
  dependenciesOf(of: BunPackage): readonly BunDependency[];
  target(dependency: BunDependency): BunPackage | undefined;
}

/**
 * What a frozen install does not tell: that nothing says what a package holds, and that a dependency leads to a version outside its range, as it does
 * where the entry of its own went and one higher up is found instead.
 * @throws StowageError LockfileInconsistent naming the entry
 */
export function checkEntries({ lockfile, root, placed, dependenciesOf, target }: Installed): Diagnostic[] {
  const entryOf = new Map([...lockfile.entries.values()].map((entry) => [entry.package, entry]));
  const overridden = overriddenNames(lockfile);
  assertIntegrity(
    lockfile,
    [...placed].flatMap((each) => entryOf.get(each) ?? []),
  );
  const unfit = [root, ...placed].flatMap((owner) =>
    dependenciesOf(owner).flatMap((dependency): Unfit[] => {
      const found = target(dependency);
      if (found === undefined || overridden.has(dependency.name) || isInRange(lockfile, dependency, found)) return [];
      return [{ owner, dependency, found, line: entryOf.get(owner)?.line ?? lockfile.workspaces.get(workspaceId(owner))?.line }];
    }),
  );
  return mismatches(lockfile, unfit);
}

/** A dependency that is locked to a version outside its range. */
interface Unfit {
  readonly owner: BunPackage;
  readonly dependency: BunDependency;
  readonly found: BunPackage;
  readonly line: number | undefined;
}

function assertIntegrity({ path, entries }: BunLockfile, kept: readonly BunEntry[]): void {
  if ([...entries.values()].every(({ integrity = '' }) => integrity === '')) return;
  const bare = kept.find(({ integrity, bundled }) => integrity === '' && !bundled);
  if (bare === undefined) return;
  throw new StowageError(ErrorCode.LockfileInconsistent, `${path} has no integrity for ${bare.package.id}.`, {
    where: { file: path, line: bare.line, key: bare.key },
    hint: 'Delete the entry, run `bun install` and commit bun.lock.',
  });
}

/** Peers take what is there. */
function isInRange(lockfile: BunLockfile, dependency: BunDependency, { resolution }: BunPackage): boolean {
  if (dependency.kind === 'workspace' || dependency.kind === 'peerDependencies') return true;
  const range = semver.validRange(rangeOf(lockfile, dependency), { loose: true });
  return range === null || semver.valid(resolution) === null || semver.satisfies(resolution, range, { loose: true, includePrerelease: true });
}

/** Names that any key of `overrides` speaks of, at any depth (`name`, `name@range`). */
export function overriddenNames({ sections }: BunLockfile): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (value: Json | undefined): void => {
    if (!(value instanceof Map)) return;
    for (const [key, inner] of value as JsonObject) {
      names.add(/^.[^@]*/.exec(key)?.[0] ?? key);
      collect(inner);
    }
  };
  collect(sections.find(({ key }) => key === 'overrides')?.value);
  return names;
}

function workspaceId({ resolution }: BunPackage): string {
  return resolution === 'root:' ? '.' : resolution.replace(/^workspace:/, '');
}

/** One warning for all: where bun left one such behind it left several. */
function mismatches({ path }: BunLockfile, [first, ...others]: readonly Unfit[]): Diagnostic[] {
  if (first === undefined) return [];
  const { owner, dependency, found, line } = first;
  const more = others.map((each) => `${each.dependency.name} (${each.owner.name})`);
  return [
    {
      level: 'warning',
      code: 'bun-version-mismatch',
      message: `${owner.name} depends on ${dependency.name}@${dependency.specifier}, which ${path} resolves to ${found.resolution}${more.length === 0 ? '' : `; so it is with ${more.join(', ')}`}.`,
      file: path,
      ...(line === undefined ? {} : { line }),
      hint: `Is an entry "${owner.name}/${dependency.name}" missing? Run \`bun install\` and commit ${path}.`,
    },
  ];
}
