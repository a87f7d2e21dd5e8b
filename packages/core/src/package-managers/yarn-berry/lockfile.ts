import { ErrorCode, StowageError } from '../../errors.ts';
import type { TextFile } from '../../model.ts';
import { lineOf } from '../../text.ts';
import { parseDescriptor, parsePatch } from './descriptor.ts';
import { parseSyml, type SymlBlock, type SymlMap } from './syml.ts';
import { assertKnownFormat } from './versions.ts';

/** An entry of yarn.lock: a package (or a workspace) and the descriptors that resolve to it. */
export interface LockEntry {
  /** `name@range`, as the key line lists them. */
  readonly descriptors: readonly string[];
  /** Everything below the key line, as written. */
  readonly body: string;
  readonly line: number;
  /** The locator: `name@npm:1.0.0`, `name@workspace:packages/name`. */
  readonly resolution: string;
  readonly version: string;
  readonly dependencies: ReadonlyMap<string, string>;
  /** Names of its peers; one that `peerDependenciesMeta` alone names is optional, at any version. */
  readonly peers: readonly string[];
  readonly checksum: string | undefined;
  /** Installed on some platforms alone. */
  readonly isConditional: boolean;
  /** The importer's id, where the entry is a workspace, or a patched copy of one: yarn applies patches of its own by name alone. */
  readonly workspace: string | undefined;
}

export interface BerryLockfile {
  readonly path: string;
  /** The comment and the `__metadata` block, as written. */
  readonly header: string;
  /** `__metadata.version` */
  readonly version: number;
  readonly lineEnd: '\n' | '\r\n';
  readonly entries: readonly LockEntry[];
  readonly byDescriptor: ReadonlyMap<string, LockEntry>;
  readonly byWorkspace: ReadonlyMap<string, LockEntry>;
}

/** Whether it is the lockfile of yarn 2 and later; yarn 1 has no metadata. */
export function isBerryLockfile({ text }: TextFile): boolean {
  return /^__metadata:/m.test(text);
}

/** @throws StowageError LockfileConflict, LockfileSyntax, LockfileVersion, with the line */
export function parseLockfile({ path, text }: TextFile): BerryLockfile {
  assertNoConflict(path, text);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const { header, blocks } = parseSyml(text.replaceAll('\r\n', '\n'), path);
  const [metadata, ...rest] = blocks;
  if (metadata?.key !== '__metadata') {
    throw new StowageError(ErrorCode.LockfileSyntax, `${path} does not begin with __metadata.`, {
      where: { file: path, line: metadata?.line ?? 1 },
      hint: 'Run `yarn install` and commit the lockfile that it writes.',
    });
  }
  const version = Number(metadata.value.get('version'));
  assertKnownFormat(version, path, metadata.line + 1);
  const entries = rest.map((block) => readEntry(block, path));
  assertDistinct(entries, path);
  return {
    path,
    header: `${header}__metadata:\n${metadata.body}`,
    version,
    lineEnd,
    entries,
    byDescriptor: new Map(entries.flatMap((entry) => entry.descriptors.map((descriptor) => [descriptor, entry]))),
    byWorkspace: new Map(entries.flatMap((entry) => (entry.workspace === undefined || isPatched(entry) ? [] : [[entry.workspace, entry]]))),
  };
}

function assertNoConflict(path: string, text: string): void {
  const at = /^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)/m.exec(text)?.index;
  if (at === undefined) return;
  throw new StowageError(ErrorCode.LockfileConflict, `${path} has merge conflict markers.`, {
    where: { file: path, line: lineOf(text, at) },
    hint: 'Run `yarn install`: yarn resolves the conflicts in its lockfile by itself.',
  });
}

/** Yarn reads the last of two entries for a descriptor, and says nothing where it is immutable too. */
function assertDistinct(entries: readonly LockEntry[], path: string): void {
  const seen = new Set<string>();
  for (const { descriptors, line } of entries) {
    for (const key of descriptors) {
      if (seen.has(key)) {
        throw new StowageError(ErrorCode.LockfileSyntax, `${path} has "${key}" twice.`, {
          where: { file: path, line, key },
          hint: 'Delete one of the two entries, run `yarn install` and commit the lockfile that it writes.',
        });
      }
      seen.add(key);
    }
  }
}

function readEntry(block: SymlBlock, path: string): LockEntry {
  const field = (name: string): string | undefined => {
    const value = block.value.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const resolution = field('resolution');
  const version = field('version');
  if (resolution === undefined || version === undefined) {
    throw new StowageError(
      ErrorCode.LockfileSyntax,
      `The entry "${block.key}" of ${path} has no ${resolution === undefined ? 'resolution' : 'version'}.`,
      {
        where: { file: path, line: block.line, key: block.key },
        hint: 'Run `yarn install` and commit the lockfile that it writes.',
      },
    );
  }
  return {
    descriptors: block.key.split(/ *, */),
    body: block.body,
    line: block.line,
    resolution,
    version,
    dependencies: texts(block.value.get('dependencies')),
    peers: [...new Set([...texts(block.value.get('peerDependencies')).keys(), ...namesOf(block.value.get('peerDependenciesMeta'))])],
    checksum: field('checksum'),
    isConditional: field('conditions') !== undefined,
    workspace: workspaceOf(resolution),
  };
}

/** Whether an entry is what a patch makes of another. */
function isPatched({ resolution }: Pick<LockEntry, 'resolution'>): boolean {
  return rangeOf(resolution).startsWith('patch:');
}

function workspaceOf(resolution: string): string | undefined {
  const range = rangeOf(resolution);
  if (range.startsWith('workspace:')) return range.slice('workspace:'.length);
  return range.startsWith('patch:') ? workspaceOf(parsePatch(range).source) : undefined;
}

function rangeOf(descriptor: string): string {
  return parseDescriptor(descriptor)?.range ?? '';
}

function texts(value: string | SymlMap | undefined): ReadonlyMap<string, string> {
  return new Map([...(typeof value === 'object' ? value : [])].filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

function namesOf(value: unknown): readonly string[] {
  return value instanceof Map ? [...value.keys()] : [];
}
