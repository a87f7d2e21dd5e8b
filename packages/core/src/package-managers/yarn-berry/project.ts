import { Comparator, Range, SemVer } from 'semver';
import type { Importer, Manifest } from '../../model.ts';
import { ownValue } from '../../own-value.ts';
import { compatExtensions } from '../compat-extensions.ts';
import { bindRange, builtinPatch, isRegistryRange, parseDescriptor } from './descriptor.ts';
import type { BerryLockfile, LockEntry } from './lockfile.ts';
import type { BerrySettings } from './settings.ts';
import { isYarn3Format } from './versions.ts';

/** A package as yarn sees it before it resolves its dependencies. */
export interface BerryPackage {
  readonly locator: string;
  readonly version: string;
  readonly dependencies: ReadonlyMap<string, string>;
}

/** A dependency of a package: the exact descriptor that yarn looks up in its lockfile. */
export interface BerryDependency {
  readonly alias: string;
  /** As the package has it. */
  readonly range: string;
  readonly descriptor: string;
  /** Added by yarn itself, and so perhaps not by every release of it. */
  readonly builtin: boolean;
  /** The key of the root's `resolutions` that decides its range. */
  readonly resolution: string | undefined;
}

export interface BerryProject {
  readonly lockfile: BerryLockfile;
  /** The manifest of a workspace with its dependencies in the form of the lockfile. */
  packageOf(importer: Importer, entry: LockEntry): BerryPackage;
  /** Dependencies with all that yarn does to them: extensions, resolutions, catalogs, its own patches, bindings. */
  dependenciesOf(pkg: BerryPackage): readonly BerryDependency[];
  /** Names that extensions may add to the dependencies of a package, by its name. */
  addedTo(name: string): readonly string[];
  /** The range in the form in which the lockfile's keys have it. */
  normalize(name: string, range: string): string;
}

/** Packages that yarn patches itself. */
const patched: ReadonlySet<string> = new Set(['fsevents', 'resolve', 'typescript']);

/**
 * How yarn derives descriptors from dependencies (`preparePackage` of yarn's core, the hooks of plugin-compat and plugin-catalog),
 * for the release `yarn`, this root manifest and these settings.
 */
export function berryProject(lockfile: BerryLockfile, root: Manifest, settings: BerrySettings, yarn: string): BerryProject {
  const yarn3 = isYarn3Format(lockfile.version);
  const rootLocator = lockfile.byWorkspace.get('.')?.resolution ?? '';
  const resolutions = parseResolutions(root);
  const extensions = extensionsByName(settings, yarn);

  // Yarn 3 completes a range only where it does not lead to a workspace, and only after all other rules.
  const toRegistry = (range: string): string => (isRegistryRange(range) ? `npm:${range}` : range);
  const normalizeEarly = yarn3 ? (range: string): string => range : toRegistry;
  const bind = (name: string, range: string, parent: string): string =>
    bindRange(yarn3 && lockfile.byDescriptor.get(`${name}@${range}`)?.workspace === undefined ? toRegistry(range) : range, parent);

  const reduce = (name: string, range: string, rule: ResolutionRule | undefined): string => {
    let reduced = range;
    if (rule !== undefined) reduced = bind(name, normalizeEarly(rule.range), rootLocator);
    if (reduced.startsWith('catalog:')) {
      const found = ownValue(settings.catalogs.get(reduced.slice('catalog:'.length)), name);
      if (found !== undefined) reduced = bind(name, normalizeEarly(found), rootLocator);
    }
    return patched.has(name) ? builtinPatch({ name, range: reduced }, !yarn3) : reduced;
  };

  return {
    lockfile,
    addedTo: (name) => (extensions.get(name) ?? []).flatMap((extension) => Object.keys(extension.dependencies)),
    normalize: (name, range) => bind(name, normalizeEarly(range), rootLocator),
    packageOf: ({ manifest }, entry) => ({
      locator: entry.resolution,
      version: manifest.version ?? '0.0.0',
      dependencies: new Map([...installedRanges(manifest)].map(([name, range]) => [name, normalizeEarly(range)])),
    }),
    dependenciesOf(pkg) {
      const dependencies = new Map<string, { range: string; builtin: boolean }>();
      for (const [name, range] of pkg.dependencies) dependencies.set(name, { range, builtin: false });
      for (const extension of extensions.get(parseDescriptor(pkg.locator)?.name ?? '') ?? []) {
        if (!satisfies(pkg.version, extension.range)) continue;
        for (const [name, range] of Object.entries(extension.dependencies)) {
          if (!dependencies.has(name)) dependencies.set(name, { range: normalizeEarly(range), builtin: extension.builtin });
        }
      }
      return [...dependencies].map(([alias, { range, builtin }]) => {
        const rule = resolutions.find((candidate) => applies(candidate, pkg, alias, range, normalizeEarly));
        return { alias, range, builtin, resolution: rule?.key, descriptor: `${alias}@${bind(alias, reduce(alias, range, rule), pkg.locator)}` };
      });
    },
  };
}

/** The ranges that yarn installs for a workspace: devDependencies win over optionalDependencies, these over dependencies. */
export function installedRanges({ dependencies, optionalDependencies, devDependencies }: Manifest): ReadonlyMap<string, string> {
  const maps = [dependencies, optionalDependencies, devDependencies];
  return new Map(maps.flatMap((map) => Object.entries(map ?? {})).filter(([, range]) => typeof range === 'string'));
}

interface Extension {
  readonly range: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly builtin: boolean;
}

function extensionsByName(settings: BerrySettings, yarn: string): ReadonlyMap<string, readonly Extension[]> {
  const byName = new Map<string, Extension[]>();
  const add = (selector: string, dependencies: Readonly<Record<string, string>>, builtin: boolean): void => {
    const target = parseDescriptor(selector);
    if (target === undefined) return;
    byName.set(target.name, [...(byName.get(target.name) ?? []), { range: target.range, dependencies, builtin }]);
  };
  for (const [selector, dependencies, releases] of compatExtensions) {
    if (releases === undefined || satisfies(yarn, releases)) add(selector, dependencies, true);
  }
  for (const [selector, dependencies] of settings.packageExtensions) add(selector, dependencies, false);
  return byName;
}

/** An entry of the root's `resolutions`: whose dependency, on what, becomes which range. */
interface ResolutionRule {
  readonly key: string;
  readonly from: { readonly name: string; readonly reference: string | undefined } | undefined;
  readonly name: string;
  readonly asked: string | undefined;
  readonly range: string;
}

/** Keys that yarn cannot read (globs) it ignores with a warning, and so do we. */
function parseResolutions(root: Manifest): ResolutionRule[] {
  const fullName = '(?:@[^/@]+/)?[^/@]+';
  const specifier = `(${fullName})(?:@([^/]+))?`;
  const syntax = new RegExp(`^(?:${specifier}/)?${specifier}$`);
  return Object.entries((root.resolutions as Record<string, unknown> | undefined) ?? {}).flatMap(([key, range]) => {
    const parts = key.startsWith('*') ? null : syntax.exec(key);
    if (parts === null || typeof range !== 'string') return [];
    const [, fromName, reference, name, asked] = parts;
    return [{ key, from: fromName === undefined ? undefined : { name: fromName, reference }, name: name as string, asked, range }];
  });
}

function applies(rule: ResolutionRule, pkg: BerryPackage, name: string, range: string, normalize: (range: string) => string): boolean {
  if (rule.name !== name || (rule.asked !== undefined && normalize(rule.asked) !== range)) return false;
  if (rule.from === undefined) return true;
  const parent = parseDescriptor(pkg.locator);
  return parent?.name === rule.from.name && (rule.from.reference === undefined || normalize(rule.from.reference) === parent.range);
}

/** As yarn compares: a prerelease counts as a version of its range, and as the release it leads to. */
function satisfies(version: string, range: string): boolean {
  try {
    const wanted = new Range(range, { includePrerelease: true });
    const { major, minor, patch } = new SemVer(version);
    const released = `${major}.${minor}.${patch}`;
    const releasedOf = ({ operator, semver }: Comparator): Comparator =>
      typeof semver.version === 'string' ? new Comparator(`${operator}${semver.major}.${semver.minor}.${semver.patch}`) : new Comparator('');
    return wanted.test(version) || wanted.set.some((all) => all.every((comparator) => releasedOf(comparator).test(released)));
  } catch {
    return false; // neither a version nor a range: yarn extends nothing either
  }
}
