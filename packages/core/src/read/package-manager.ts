import { didYouMean, ErrorCode, StowageError } from '../errors.ts';
import type { Diagnostic, Files, Manifest, PackageManager, PackageManagerId, ParsedLockfile, TextFile } from '../model.ts';
import type { PackageManagerAdapter } from '../package-managers/adapter.ts';
import { adapters } from '../package-managers/list.ts';

export interface FoundPackageManager {
  readonly packageManager: PackageManager;
  readonly lockfile: ParsedLockfile;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Manager and exact version: the root's `packageManager`, an exact `devEngines.packageManager`, else the newest release that writes
 * the lockfile's version (with a diagnostic).
 * @throws StowageError NoLockfile, SeveralLockfiles, LockfileVersion, PackageManagerUnknown
 */
export function findPackageManager(rootManifest: Manifest, files: Files): FoundPackageManager {
  const declared = readDeclared(rootManifest);
  const { adapter, lockfile: found } = findLockfile(files, declared?.name);
  if (declared !== undefined && !belongsTo(adapter.id, declared)) throw mismatch(declared, found.path, adapter.id);
  const parsed = adapter.parse(found);
  const lockfile = { ...found, parsed };
  if (declared?.version !== undefined) {
    adapter.assertAccepts(declared.version, parsed);
    return { packageManager: { id: adapter.id, version: declared.version, source: declared.source }, lockfile, diagnostics: [] };
  }
  const version = adapter.defaultVersion(parsed);
  const name = commandOf(adapter.id);
  return {
    packageManager: { id: adapter.id, version, source: 'lockfile' },
    lockfile,
    diagnostics: [
      {
        level: 'info',
        code: 'package-manager-version-assumed',
        message: `No manifest names an exact version of ${name}; ${version} is taken, the newest known that writes this lockfile.`,
        file: 'package.json',
        hint: `Add "packageManager": "${name}@${version}" to the root package.json.`,
      },
    ],
  };
}

interface Declared {
  readonly name: string;
  readonly version: string | undefined;
  readonly source: 'packageManager' | 'devEngines';
}

const exactVersion = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

function readDeclared(manifest: Manifest): Declared | undefined {
  const { packageManager, devEngines } = manifest as { packageManager?: unknown; devEngines?: { packageManager?: unknown } };
  if (typeof packageManager === 'string') {
    const match = /^(npm|pnpm|yarn|bun)@([^+]+)/.exec(packageManager);
    if (match?.[1] === undefined || match[2] === undefined) throw unknownManager('packageManager', packageManager);
    return { name: match[1], version: exactVersion.test(match[2]) ? match[2] : undefined, source: 'packageManager' };
  }
  const engines = [devEngines?.packageManager].flat().filter((engine) => engine !== undefined && engine !== null);
  const named = engines[0] as { name?: unknown; version?: unknown } | undefined;
  if (named === undefined) return undefined;
  if (typeof named.name !== 'string' || !['npm', 'pnpm', 'yarn', 'bun'].includes(named.name)) {
    throw unknownManager('devEngines.packageManager', String(named.name));
  }
  const version = typeof named.version === 'string' ? (named.version.split('+')[0] as string) : undefined;
  return { name: named.name, version: version !== undefined && exactVersion.test(version) ? version : undefined, source: 'devEngines' };
}

function unknownManager(key: string, value: string): StowageError {
  const hint = didYouMean(value.split('@')[0] ?? '', ['npm', 'pnpm', 'yarn', 'bun']);
  return new StowageError(ErrorCode.PackageManagerUnknown, `"${value}" names no package manager that Stowage knows (npm, pnpm, yarn, bun).`, {
    where: { file: 'package.json', key },
    hint: hint ?? 'Write name@version, such as pnpm@10.34.9.',
  });
}

function findLockfile(files: Files, declared: string | undefined): { adapter: PackageManagerAdapter; lockfile: TextFile } {
  const found = adapters.flatMap((adapter) => {
    for (const path of adapter.lockfileNames) {
      const text = files.read(path);
      if (text !== undefined && adapter.owns({ path, text })) return [{ adapter, lockfile: { path, text } }];
    }
    return [];
  });
  const [first, second] = found;
  if (first === undefined) throw noLockfile(files, declared);
  if (second === undefined) return first;
  const names = found.map(({ lockfile }) => lockfile.path);
  throw new StowageError(ErrorCode.SeveralLockfiles, `The root holds lockfiles of several package managers: ${names.join(', ')}.`, {
    where: { file: second.lockfile.path },
    hint: `Keep the one in use${declared === undefined ? '' : ` (package.json names ${declared})`} and delete the others.`,
  });
}

function noLockfile(files: Files, declared: string | undefined): StowageError {
  const branch = files.list.find(({ path }) => /^pnpm-lock\..+\.yaml$/.test(path));
  return new StowageError(ErrorCode.NoLockfile, 'The root holds no lockfile that Stowage can read.', {
    ...(branch === undefined ? {} : { where: { file: branch.path } }),
    hint:
      branch === undefined
        ? `Run \`${declared ?? 'npm'} install\` and commit the lockfile. (Is it ignored by git? Then Stowage does not see it.)`
        : 'It is the lockfile of one branch: run `pnpm install --merge-git-branch-lockfiles`.',
  });
}

function commandOf(id: PackageManagerId): string {
  return id.startsWith('yarn') ? 'yarn' : id;
}

function belongsTo(id: PackageManagerId, declared: Declared): boolean {
  if (declared.name !== commandOf(id)) return false;
  if (declared.name !== 'yarn' || declared.version === undefined) return true;
  return declared.version.startsWith('1.') === (id === 'yarn-classic');
}

function mismatch(declared: Declared, lockfile: string, id: PackageManagerId): StowageError {
  const asked = declared.version === undefined ? declared.name : `${declared.name}@${declared.version}`;
  return new StowageError(ErrorCode.LockfileVersion, `package.json names ${asked}, but the lockfile ${lockfile} was written by ${id}.`, {
    where: { file: 'package.json', key: declared.source },
    hint: `Run \`${declared.name} install\` to write its lockfile and delete the other, or correct the field.`,
  });
}
