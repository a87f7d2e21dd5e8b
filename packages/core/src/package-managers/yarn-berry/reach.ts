import { ErrorCode, StowageError } from '../../errors.ts';
import type { Importer } from '../../model.ts';
import { manifestPath } from '../../paths.ts';
import { parseDescriptor, parsePatch } from './descriptor.ts';
import type { BerryLockfile, LockEntry } from './lockfile.ts';
import { namesakes } from './namesakes.ts';
import { nameAndVersion, packageOf, workspaceEntry } from './package-entry.ts';
import type { BerryDependency, BerryPackage, BerryProject } from './project.ts';

/** What some importers reach in the lockfile. */
export interface Reached {
  /** Each kept entry with the descriptors that are asked for, in order of discovery. */
  readonly descriptors: ReadonlyMap<LockEntry, ReadonlySet<string>>;
  /** Who depends on an entry: importer ids and `name@version`. */
  readonly neededBy: ReadonlyMap<LockEntry, ReadonlySet<string>>;
  /** The keys of the root's `resolutions` that decide a range. */
  readonly resolutions: ReadonlySet<string>;
}

/**
 * Follows the lockfile from the importers to every entry and every descriptor that their install needs.
 * @throws StowageError LockfileOutdated where a manifest, LockfileInconsistent where an entry asks for what the lockfile lacks
 */
export function reach(project: BerryProject, importers: readonly Importer[]): Reached {
  const { lockfile } = project;
  const descriptors = new Map<LockEntry, Set<string>>();
  const neededBy = new Map<LockEntry, Set<string>>();
  const resolutions = new Set<string>();
  const kept = new Map(importers.map((importer) => [importer.id, importer]));

  const visit = (descriptor: string, entry: LockEntry, dependent: string | undefined): void => {
    addTo(descriptors, entry, descriptor);
    if (dependent !== undefined) addTo(neededBy, entry, dependent);
    const source = patchSource(project, descriptor);
    if (source !== undefined) visit(source, lockfile.byDescriptor.get(source) ?? failSource(lockfile, entry, source), dependent);
  };

  for (const importer of importers) {
    const entry = workspaceEntry(lockfile, importer);
    visit(entry.resolution, entry, undefined);
  }
  // A Map's iterator also reaches what is added meanwhile.
  for (const entry of descriptors.keys()) {
    const importer = entry.workspace === undefined ? undefined : kept.get(entry.workspace);
    if (entry.workspace !== undefined && importer === undefined) {
      throw new Error(`the install covers no ${entry.workspace}, yet ${[...(neededBy.get(entry) ?? [])].join(', ')} needs it`);
    }
    const pkg: BerryPackage = importer === undefined ? packageOf(entry) : project.packageOf(importer, entry);
    const dependent = importer === undefined ? nameAndVersion(entry) : importer.id;
    for (const dependency of project.dependenciesOf(pkg)) {
      if (dependency.resolution !== undefined) resolutions.add(dependency.resolution);
      const target = targetOf(lockfile, dependency, importer ?? entry);
      if (target !== undefined) visit(dependency.descriptor, target, dependent);
    }
  }
  for (const [entry, descriptor] of namesakes(project, importers, descriptors)) addTo(descriptors, entry, descriptor);
  return { descriptors, neededBy, resolutions };
}

/** The entry that a dependency resolves to; none for one that only some releases of yarn add. */
export function targetOf(lockfile: BerryLockfile, dependency: BerryDependency, dependent: Importer | LockEntry): LockEntry | undefined {
  const target = lockfile.byDescriptor.get(dependency.descriptor);
  if (target !== undefined || dependency.builtin) return target;
  const { alias, range, descriptor } = dependency;
  if ('manifest' in dependent) {
    throw new StowageError(ErrorCode.LockfileOutdated, `${lockfile.path} has no "${descriptor}", on which ${dependent.name} depends.`, {
      where: { file: manifestPath(dependent.id), key: alias },
      hint: `Run \`yarn install\` and commit ${lockfile.path}.`,
    });
  }
  throw new StowageError(
    ErrorCode.LockfileInconsistent,
    `${lockfile.path} has no "${descriptor}" (${alias}: ${range}), on which ${dependent.resolution} depends.`,
    {
      where: { file: lockfile.path, line: dependent.line, key: alias },
      hint: `Run \`yarn install\` and commit ${lockfile.path}.`,
    },
  );
}

/** The descriptor of what a patch descriptor patches; it has an entry of its own. */
function patchSource(project: BerryProject, descriptor: string): string | undefined {
  const range = parseDescriptor(descriptor)?.range ?? '';
  const source = range.startsWith('patch:') ? parseDescriptor(parsePatch(range).source) : undefined;
  return source === undefined ? undefined : `${source.name}@${project.normalize(source.name, source.range)}`;
}

function failSource(lockfile: BerryLockfile, entry: LockEntry, source: string): never {
  throw new StowageError(ErrorCode.LockfileInconsistent, `${lockfile.path} has no "${source}", which ${entry.resolution} patches.`, {
    where: { file: lockfile.path, line: entry.line, key: source },
    hint: `Run \`yarn install\` and commit ${lockfile.path}.`,
  });
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}
