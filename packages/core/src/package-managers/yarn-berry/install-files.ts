import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { valid } from 'semver';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Diagnostic, Files, Importer, PlannedFile } from '../../model.ts';
import { ownerOf } from '../owner-of.ts';
import { copyOf, folderFiles } from '../planned-files.ts';
import { parseDescriptor, parsePatch } from './descriptor.ts';
import { baseOf, localTargetOf } from './folders.ts';
import type { LockEntry } from './lockfile.ts';
import { type BerrySettings, maskSettings, settingsFile } from './settings.ts';

/** Files of the settings: `.yarnrc.yml` itself, the yarn release and the plugins that it names. */
export function settingsFiles(
  settings: BerrySettings,
  files: Files,
): { readonly files: readonly PlannedFile[]; readonly diagnostics: readonly Diagnostic[] } {
  const text = files.read(settingsFile);
  if (text === undefined) return { files: [], diagnostics: [] };
  const { yarnPath } = settings;
  const missing = yarnPath !== undefined && files.read(yarnPath) === undefined;
  const masked = maskSettings(text, missing ? ['yarnPath'] : []);
  const named = [...(yarnPath === undefined || missing ? [] : [yarnPath]), ...settings.plugins];
  return {
    files: [{ path: settingsFile, mode: '100644', text: masked.text }, ...named.map((path) => needed(path, files, `${settingsFile} names it`))],
    diagnostics: missing ? [...masked.diagnostics, missingRelease(yarnPath)] : masked.diagnostics,
  };
}

function missingRelease(yarnPath: string): Diagnostic {
  return {
    level: 'warning',
    code: 'yarn-release-missing',
    message: `${settingsFile} names ${yarnPath}, which does not exist; the image takes yarn from the registry.`,
    file: settingsFile,
    hint: 'Commit the release file, or remove yarnPath.',
  };
}

/**
 * What the kept entries read from the repository: patch files, folders and archives of `portal:`, `link:` and `file:`.
 * @throws StowageError MissingFile; InvalidManifest for a workspace that is packed by `file:`
 */
export function localFiles(descriptors: readonly string[], workspace: readonly Importer[], files: Files): readonly PlannedFile[] {
  return descriptors.flatMap((descriptor) => {
    const { name, range } = parseDescriptor(descriptor) ?? { name: descriptor, range: '' };
    if (range.startsWith('patch:')) return patchFiles(name, range, files);
    const local = localTargetOf(range);
    if (local === undefined) return [];
    const owner = ownerOf(local.path, workspace);
    if (owner?.id === local.path && local.protocol === 'file') throw packedWorkspace(name, owner, descriptor);
    // The masked manifest is there, or a link waits for what the build makes.
    if (owner !== undefined && (owner.id === local.path || local.protocol === 'link')) return [];
    if (files.get(local.path) !== undefined) return [needed(local.path, files, `"${descriptor}" is installed from it`)];
    const inside = folderFiles(files, local.path);
    if (inside.length === 0 && local.protocol !== 'link') throw missingFile(local.path, `"${descriptor}" is installed from it`);
    return inside;
  });
}

function patchFiles(name: string, range: string, files: Files): PlannedFile[] {
  const { paths, parent } = parsePatch(range);
  return paths.flatMap((path) => {
    if (path.startsWith('builtin<') || path.startsWith('/')) return [];
    const base = path.startsWith('~/') ? '.' : baseOf(parent ?? '');
    if (base === undefined) return [];
    return [needed(posix.normalize(posix.join(base, path.replace(/^~\//, ''))), files, `${name} is patched with it`)];
  });
}

/** The archives of kept entries, where the repository commits its cache. */
export function cacheFiles(settings: BerrySettings, entries: Iterable<LockEntry>, files: Files): readonly PlannedFile[] {
  const inside = files.list.filter(({ path }) => path.startsWith(`${settings.cacheFolder}/`) && path.endsWith('.zip'));
  if (inside.length === 0) return [];
  const slugs = new Set([...entries].map(({ resolution }) => slugOf(resolution)));
  return inside
    .filter(({ path }) => slugs.has(path.slice(settings.cacheFolder.length + 1, path.lastIndexOf('-'))))
    .map(({ path }) => copyOf({ path, mode: '100644' }));
}

/** The part of an archive's name that tells the package: name, protocol, version and the beginning of the locator's hash. */
function slugOf(locator: string): string {
  const { name, range } = parseDescriptor(locator) ?? { name: locator, range: '' };
  const protocol = /^([^#:]*):/.exec(range)?.[1] ?? 'exotic';
  const selector = range.slice(protocol.length + 1).replace(/::.*$/, '');
  const version = valid(selector);
  const sha512 = (text: string): string => createHash('sha512').update(text).digest('hex');
  const hash = sha512(sha512(name.replace(/^@/, '').replace('/', '')) + range).slice(0, 10);
  return `${name.replace('/', '-')}-${protocol}-${version === null ? '' : `${version}-`}${hash}`;
}

function needed(path: string, files: Files, why: string): PlannedFile {
  if (files.readBytes(path) === undefined) throw missingFile(path, why);
  return copyOf({ path, mode: files.get(path)?.mode ?? '100644' });
}

function missingFile(path: string, why: string): StowageError {
  return new StowageError(ErrorCode.MissingFile, `${path} does not exist, yet ${why}.`, {
    where: { file: path },
    hint: 'Commit it, or run `yarn install` after removing what needs it.',
  });
}

function packedWorkspace(name: string, owner: Importer, descriptor: string): StowageError {
  return new StowageError(ErrorCode.InvalidManifest, `"${descriptor}" packs the workspace ${owner.id} with all its sources into the install.`, {
    where: { key: name },
    hint: `Depend on it as "workspace:${owner.id}": its sources then need no new install when they change.`,
  });
}
