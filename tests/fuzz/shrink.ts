import type { Outcome } from './examine.ts';
import type { InventedRepository } from './invented.ts';

type Failed = Outcome & { kind: 'fail' };
type Path = readonly (string | number)[];

/** Fields without which a repository is none. */
const kept =
  /^(manager|importers|registry|settings\.packages|importers\.0(\.id|\.manifest(\.(name|private|packageManager|workspaces))?)?|.*\.(name|version|id|manifest))$/;

/**
 * Cuts a failing repository down: takes away members, packages, and single entries, as long as it fails in the same way, until nothing
 * more can go or the time is up.
 */
export async function shrink(
  repository: InventedRepository,
  failure: Failed,
  examine: (candidate: InventedRepository) => Promise<Outcome>,
  deadline: number,
): Promise<InventedRepository> {
  let smallest = repository;
  const takes = async (candidate: InventedRepository): Promise<boolean> => {
    if (Date.now() > deadline) return false;
    const outcome = await examine(candidate).catch(() => undefined);
    const fails = outcome?.kind === 'fail' && outcome.check === failure.check;
    if (fails) smallest = candidate;
    return fails;
  };
  for (let size = repository.registry.length / 2; size >= 2; size /= 2) {
    for (let end = smallest.registry.length; end > 0; end -= size)
      await takes({ ...smallest, registry: smallest.registry.filter((_, index) => index < Math.floor(end - size) || index >= Math.floor(end)) });
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const path of pathsOf(smallest)) {
      const candidate = without(smallest, path);
      if (candidate !== undefined && (await takes(candidate))) changed = true;
    }
  }
  return smallest;
}

/** Everything that may go, the largest parts first; lists from their end, so that the indexes of what is left stay. */
function pathsOf(repository: InventedRepository): readonly Path[] {
  const paths: Path[] = [];
  const visit = (value: unknown, path: Path): void => {
    if (typeof value !== 'object' || value === null) return;
    const keys = Array.isArray(value) ? [...value.keys()].reverse() : Object.keys(value);
    for (const key of keys) {
      const below = [...path, key];
      if (!kept.test(below.join('.'))) paths.push(below);
      visit((value as Record<string | number, unknown>)[key], below);
    }
  };
  visit(repository, []);
  return paths.sort((a, b) => a.length - b.length);
}

/** A copy without what a path leads to; undefined where it is gone already. Who depends on a member that goes loses it too. */
function without(repository: InventedRepository, path: Path): InventedRepository | undefined {
  const copy = structuredClone(repository);
  const last = path.at(-1) as string | number;
  let parent: unknown = copy;
  for (const key of path.slice(0, -1)) parent = (parent as Record<string | number, unknown> | undefined)?.[key];
  if (typeof parent !== 'object' || parent === null || !(last in parent)) return undefined;
  const gone = (parent as Record<string | number, unknown>)[last];
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete (parent as Record<string | number, unknown>)[last];
  const name = path.length === 2 && path[0] === 'importers' ? (gone as InventedRepository['importers'][number]).manifest.name : undefined;
  return name === undefined ? copy : withoutDependency(copy, name);
}

function withoutDependency(repository: InventedRepository, name: string): InventedRepository {
  for (const { manifest } of repository.importers) {
    for (const map of Object.values(manifest)) if (typeof map === 'object' && map !== null) delete (map as Record<string, unknown>)[name];
  }
  return repository;
}
