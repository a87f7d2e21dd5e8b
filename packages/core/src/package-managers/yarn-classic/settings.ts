import { posix } from 'node:path';
import { ErrorCode, StowageError } from '../../errors.ts';
import type { Diagnostic, Files, PlannedFile, TextFile } from '../../model.ts';
import { hasUserWrittenOut, literalCredential } from '../literal-credential.ts';
import { npmrcValues, sanitizeNpmrc } from '../npmrc.ts';
import { copyOf, folderFiles } from '../planned-files.ts';
import { type ClassicEntry, unquote } from './lockfile.ts';
import { localFolder } from './requests.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: npm's own syntax for an environment variable
const AS_REFERENCE = '//REGISTRY/:_authToken=${NPM_TOKEN} in .npmrc';

/** Files that an install reads besides manifests and lockfile. */
export interface InstallFiles {
  readonly files: readonly PlannedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

const CREDENTIAL = /(?:^|:)(?:_authToken|_auth|_password|username|email|key)$/;

/**
 * The rc files without credentials, and the yarn release that they name.
 * `lastUpdateCheck`, a clock that yarn itself writes, and the path of a release that is not there are left out.
 */
export function rcFiles(files: Files): InstallFiles {
  const planned: PlannedFile[] = [];
  const diagnostics: Diagnostic[] = [];
  const npmrc = textOf(files, '.npmrc');
  if (npmrc !== undefined) {
    const { text, diagnostics: found } = sanitizeNpmrc(npmrc);
    planned.push({ path: '.npmrc', mode: '100644', text });
    diagnostics.push(...found);
  }
  for (const path of ['.yarnrc', '.yarnrc.yml']) {
    const rc = textOf(files, path);
    if (rc === undefined) continue;
    const lines = rc.text.split(/\r?\n/).filter((line, index) => {
      const [key, value] = readSetting(line, path);
      if (key === undefined || value === undefined) return false;
      if (key === 'yarn-path') {
        const release = localCopy(files, value);
        if (release !== undefined) planned.push(release);
        else diagnostics.push(missingRelease(path, index + 1, value));
        return release !== undefined;
      }
      const secret = CREDENTIAL.test(key) || hasUserWrittenOut(value);
      if (secret) diagnostics.push(literalCredential(path, index + 1, key, AS_REFERENCE));
      return !secret && key !== 'lastUpdateCheck' && path === '.yarnrc';
    });
    if (lines.length > 0) planned.push({ path, mode: '100644', text: `${lines.join('\n')}\n` });
  }
  return { files: planned, diagnostics };
}

/** Of a `.yarnrc.yml` (yarn's later releases) yarn 1 reads where the yarn to run lies, nothing else. */
function readSetting(line: string, path: string): [string | undefined, string | undefined] {
  const [, key, value] = (path === '.yarnrc' ? /^("(?:[^"\\]|\\.)*"|[^\s"#]+)\s+(\S.*)$/ : /^(yarnPath):\s*(\S.*)$/).exec(line.trimEnd()) ?? [];
  const plain = value?.replace(/^'(.*)'$/, '$1');
  return [key === 'yarnPath' ? 'yarn-path' : key === undefined ? undefined : unquote(key), plain === undefined ? undefined : unquote(plain)];
}

/** Tarballs and folders of the repository that kept entries come from: `file:`, `link:`, the offline mirror. */
export function localPackages(files: Files, entries: readonly ClassicEntry[], lockfile: string): readonly PlannedFile[] {
  const mirror = offlineMirror(files);
  return entries.flatMap((entry) => {
    const pattern = entry.patterns.find((each) => localFolder(each) !== undefined);
    if (pattern !== undefined) return planFolder(files, localFolder(pattern) as string, pattern.includes('@link:'));
    const [reference = ''] = (entry.resolved ?? '').split('#');
    if (reference.startsWith('file:')) return [required(files, reference.slice('file:'.length), entry, lockfile)];
    if (mirror === undefined) return [];
    const tarballs = mirrorNames(reference).flatMap((name) => localCopy(files, posix.join(mirror, name)) ?? []);
    if (tarballs.length === 0 && reference !== '' && !reference.includes('/'))
      return [required(files, posix.join(mirror, reference), entry, lockfile)];
    return [...tarballs, ...entry.prebuiltVariants.flatMap((name) => localCopy(files, posix.join(mirror, 'prebuilt', `${name}.tgz`)) ?? [])];
  });
}

/** Yarn copies the whole of a `file:` folder; of a linked one it only reads the manifest. */
function planFolder(files: Files, folder: string, linked: boolean): readonly PlannedFile[] {
  const manifest = localCopy(files, posix.join(folder, 'package.json'));
  if (linked) return manifest === undefined ? [] : [manifest];
  return folderFiles(files, folder);
}

/** Names under which the mirror may hold a tarball: with the scope and, by old releases, without (src/fetchers/tarball-fetcher.js). */
function mirrorNames(reference: string): string[] {
  const path = reference.replace(/^[a-z+]+:\/\/[^/]*/, '').replace(/\?.*$/, '');
  const [, scope, file] = /\/(?:(@[^/]+)(?:\/|%2f))?[^/]+\/(?:-|_attachments)\/(?:@[^/]+\/)?([^/]+)$/.exec(path) ?? [];
  const base = posix.basename(path);
  return base === '' ? [] : [...new Set([scope === undefined ? base : `${scope}-${file}`, base])];
}

function offlineMirror(files: Files): string | undefined {
  const fromYarnrc = files
    .read('.yarnrc')
    ?.split(/\r?\n/)
    .map((line) => readSetting(line, '.yarnrc'))
    .find(([key]) => key === 'yarn-offline-mirror')?.[1];
  const setting = fromYarnrc ?? npmrcValues(files.read('.npmrc') ?? '', 'yarn-offline-mirror').at(-1);
  return setting === undefined || setting === 'false' || posix.isAbsolute(setting) ? undefined : posix.normalize(setting);
}

function required(files: Files, path: string, entry: ClassicEntry, lockfile: string): PlannedFile {
  const copy = localCopy(files, path);
  if (copy !== undefined) return copy;
  throw new StowageError(ErrorCode.MissingFile, `${posix.normalize(path)}, which ${lockfile} locks for ${entry.patterns[0]}, is not there.`, {
    where: { file: lockfile, line: entry.line, key: entry.patterns[0] as string },
    hint: 'Commit the file, or run `yarn install` and commit yarn.lock.',
  });
}

function localCopy(files: Files, path: string): PlannedFile | undefined {
  const file = files.get(posix.normalize(path));
  return file === undefined ? undefined : copyOf(file);
}

function textOf(files: Files, path: string): TextFile | undefined {
  const text = files.read(path);
  return text === undefined ? undefined : { path, text };
}

function missingRelease(file: string, line: number, path: string): Diagnostic {
  return {
    level: 'warning',
    code: 'yarn-release-missing',
    message: `${file} names the yarn release ${path}, which is not there; the line is left out and the declared version is installed instead.`,
    file,
    line,
    hint: 'Commit the release file, or remove the setting.',
  };
}
