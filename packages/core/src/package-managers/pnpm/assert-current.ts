import { lt, satisfies, valid, validRange } from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Files, Importer, Manifest } from '../../model.ts';
import { ownValue } from '../../own-value.ts';
import { manifestPath } from '../../paths.ts';
import { perObject } from '../../per-object.ts';
import { recordOf } from '../../text.ts';
import { compatExtensions } from '../compat-extensions.ts';
import { npmrcValues } from '../npmrc.ts';
import { type CatalogUse, catalogsOf } from './catalogs.ts';
import { withoutPeers } from './graph.ts';
import { type PnpmLockfile, SECTIONS, type Section } from './lockfile.ts';
import { parseOverrideKey } from './overrides.ts';
import { directDependencies, manifestSettings, readsManifestSettings } from './root-settings.ts';
import { SETTINGS_FILE, type WorkspaceSettings } from './workspace-settings.ts';

interface Current {
  readonly lockfile: PnpmLockfile;
  readonly version: string;
  /** Those of the install, unmasked, the root first. */
  readonly importers: readonly Importer[];
  readonly settings: WorkspaceSettings;
  readonly files: Files;
  /** Of the catalogs, what these importers use. */
  readonly catalogs: CatalogUse;
}

type Fault = readonly [file: string, key: string, message: string];

/**
 * Whether the lockfile was written for these manifests and settings, as a frozen install asks (@pnpm/lockfile.verification,
 * satisfiesPackageManifest and allCatalogsAreUpToDate; @pnpm/lockfile.settings-checker, getOutdatedLockfileSetting).
 * Who has a pnpmfile or configDependencies is not asked: these may change both. What cannot be told from files, such as the checksum of
 * packageExtensions, is left to pnpm.
 * @throws StowageError LockfileOutdated with the manifest or settings file, and the key
 */
export function assertCurrent(current: Current): void {
  const root = current.importers[0]?.manifest ?? {};
  const fault =
    settingFault(current, root) ??
    overrideFault(current, root) ??
    catalogFault(current) ??
    current.importers.map(importerFaultsOf(current.lockfile)).find((each) => each !== undefined);
  if (fault === undefined) return;
  const [file, key, message] = fault;
  throw new StowageError(ErrorCode.LockfileOutdated, message, {
    where: { file, key },
    hint: 'Run `pnpm install --lockfile-only` and commit pnpm-lock.yaml.',
  });
}

/** Of an importer that many apps have in their closures, it is asked once. */
const importerFaultsOf = perObject((lockfile: PnpmLockfile) => {
  const overridden = new Set(Object.keys(lockfile.document.overrides ?? {}).map((key) => parseOverrideKey(key).target));
  return perObject((importer: Importer) => importerFault(lockfile, overridden, importer));
});

/** Packages to which pnpm itself adds dependencies. */
const compatNames: ReadonlySet<string> = new Set(compatExtensions.map(([selector]) => selector.slice(0, selector.lastIndexOf('@'))));

/** The specifiers of an importer, and under which map each stands; peers too where pnpm installs them. */
function importerFault(lockfile: PnpmLockfile, overridden: ReadonlySet<string>, { id, manifest }: Importer): Fault | undefined {
  const { document, path } = lockfile;
  const locked = document.importers.get(id);
  if (locked === undefined) return undefined;
  const file = manifestPath(id);
  const extended = document.packageExtensionsChecksum !== undefined || compatNames.has(manifest.name ?? '');
  for (const section of SECTIONS) {
    for (const [name, { specifier, version }] of Object.entries(locked[section] ?? {})) {
      if (overridden.has(name) || specifier.startsWith('runtime:')) continue;
      const map = mapOf(manifest, name);
      const isPeer = ownValue(manifest.peerDependencies, name) !== undefined;
      if (map === undefined && !isPeer && !extended) {
        return [file, `${section}.${name}`, `${path} has ${name} among the ${section} of ${file}, which does not depend on it.`];
      }
      const wanted = map === undefined ? undefined : ownValue(manifest[map], name);
      if (wanted !== undefined && wanted !== specifier) {
        return [file, `${map}.${name}`, `${file} depends on ${name}@${wanted}, and ${path} has it as ${specifier}.`];
      }
      if (map !== undefined && map !== section && !isPeer && !extended) {
        return [file, `${map}.${name}`, `${file} has ${name} among its ${map}, and ${path} among the ${section}.`];
      }
      if (!isInRange(lockfile, specifier, version)) {
        return [file, `${section}.${name}`, `${file} depends on ${name}@${specifier}, and ${path} locks it to ${version}.`];
      }
    }
  }
  return undefined;
}

/** Of a version and a range of a registry; of all else nothing can be said. */
function isInRange(lockfile: PnpmLockfile, specifier: string, reference: string): boolean {
  const version = valid(withoutPeers(lockfile, reference));
  return version === null || validRange(specifier) === null || satisfies(version, specifier, { includePrerelease: true });
}

/** The map that pnpm takes a name from, where several have it. */
function mapOf(manifest: Manifest, name: string): Section | undefined {
  return (['optionalDependencies', 'dependencies', 'devDependencies'] as const).find((map) => ownValue(manifest[map], name) !== undefined);
}

function catalogFault({ lockfile, settings, catalogs }: Current): Fault | undefined {
  for (const [catalog, names] of settings.document === undefined ? [] : catalogs) {
    for (const name of names) {
      const locked = ownValue(lockfile.document.catalogs?.[catalog], name)?.specifier;
      const set = ownValue(catalogsOf(settings.values)[catalog], name);
      if (locked === undefined || String(set) === locked) continue;
      const key = catalog === 'default' && settings.values.catalog !== undefined ? `catalog.${name}` : `catalogs.${catalog}.${name}`;
      return [SETTINGS_FILE, key, `The catalog has ${set === undefined ? `no ${name}` : `${name}@${set}`}, and ${lockfile.path} ${name}@${locked}.`];
    }
  }
  return undefined;
}

/** Overrides count as a whole. Which of two files pnpm 10 and older read them from depends on the release: one that fits is enough. */
function overrideFault({ lockfile, version, settings }: Current, root: Manifest): Fault | undefined {
  const locked = lockfile.document.overrides ?? {};
  const inSettings = recordOf(settings.values.overrides);
  const inManifest = { ...recordOf(root.resolutions), ...recordOf(manifestSettings(root, version).overrides) };
  const inBoth = { ...inManifest, ...inSettings };
  const ofSettings = settings.values.overrides !== undefined || !readsManifestSettings(version);
  const ofManifest = readsManifestSettings(version) && (Object.keys(inManifest).length > 0 || lt(version, '10.5.0'));
  const choices = [...(ofManifest ? [inManifest] : []), ...(ofSettings ? [inSettings] : []), inBoth];
  const differences = choices.map((choice) =>
    [...Object.keys(choice), ...Object.keys(locked)].find((key) => !isSameOverride(ownValue(locked, key), ownValue(choice, key), root)),
  );
  const key = differences.at(-1);
  if (key === undefined || differences.includes(undefined)) return undefined;
  const set = ownValue(inBoth, key);
  const isOfManifest = ownValue(inSettings, key) === undefined && ownValue(inManifest, key) !== undefined;
  const file = isOfManifest || settings.document === undefined ? 'package.json' : SETTINGS_FILE;
  const [there, here] = [ownValue(locked, key), set].map((value) => (value === undefined ? `no override of ${key}` : `${key}: ${value}`));
  return [file, `overrides.${key}`, `Among the overrides ${file} has ${here}, and ${lockfile.path} ${there}.`];
}

/** The lockfile has what a reference to a direct dependency, or to a catalog, leads to. */
function isSameOverride(locked: string | undefined, set: unknown, root: Manifest): boolean {
  if (locked === undefined || set === undefined) return locked === set;
  const value = String(set);
  if (value === locked || /^(?:catalog|link|file|workspace):/.test(value)) return true;
  const referred = value.startsWith('$') ? ownValue(directDependencies(root), value.slice(1)) : undefined;
  return value.startsWith('$') && (referred === undefined || referred === locked || /^[a-z]+:/.test(referred));
}

/** Settings that the lockfile repeats; of `true` and `false`, as a file says it or as pnpm has it by default. */
function settingFault({ lockfile, version, settings, files }: Current, root: Manifest): Fault | undefined {
  for (const [name, inNpmrc, byDefault] of REPEATED) {
    const locked = lockfile.document.settings?.[name];
    const ofNpmrc = readsManifestSettings(version) ? [npmrcValues(files.read('.npmrc') ?? '', inNpmrc).at(-1)] : [];
    const set = [settings.values[name], manifestSettings(root, version)[name], ...ofNpmrc].filter((value) => value !== undefined).map(String);
    if (locked === undefined || set.includes(locked) || (set.length === 0 && locked === byDefault)) continue;
    const file = ofNpmrc[0] !== undefined ? '.npmrc' : settings.document === undefined ? 'package.json' : SETTINGS_FILE;
    return [file, name, `${name} is ${set[0] ?? `not set, so ${byDefault}`}, and ${lockfile.path} was written with ${locked}.`];
  }
  return undefined;
}

const REPEATED = [
  ['autoInstallPeers', 'auto-install-peers', 'true'],
  ['excludeLinksFromLockfile', 'exclude-links-from-lockfile', 'false'],
] as const;
