import { ErrorCode, StowageError } from '../../errors.ts';
import type { Placement } from './hoist.ts';
import type { BunEntry, BunLockfile, BunPackage } from './lockfile.ts';
import { isWorkspace } from './resolve.ts';
import { type Json, type JsonObject, printBlock, printInline } from './text.ts';

/** What a pruned lockfile has in place of the original's sections; the others stay as they are. */
export interface PrunedSections {
  /** Records by path, the root's `''` first. */
  readonly workspaces: JsonObject;
  readonly packages: ReadonlyMap<string, Placement>;
  /** By section name; one that became empty goes. */
  readonly narrowed: Readonly<Record<string, Json>>;
}

/** The text of a bun.lock. Tuples stay byte for byte as bun wrote them, wherever they lie now. */
export function printBunLockfile(lockfile: BunLockfile, sections: PrunedSections): string {
  const tuples = tupleTexts(lockfile);
  const parts = lockfile.sections.flatMap(({ key, text }) => {
    if (key === 'packages') return [`  "packages": ${printPackages(lockfile, sections, tuples)}\n`];
    const narrowed = key === 'workspaces' ? sections.workspaces : sections.narrowed[key];
    if (narrowed === undefined) return [`  ${JSON.stringify(key)}: ${text},\n`];
    return isEmpty(narrowed) ? [] : [`  ${JSON.stringify(key)}: ${printBlock(narrowed, '  ')},\n`];
  });
  return `{\n${parts.join('')}}\n`.replaceAll('\n', lockfile.newline);
}

function isEmpty(value: Json): boolean {
  return value instanceof Map ? value.size === 0 : Array.isArray(value) && value.length === 0;
}

function printPackages({ path, version }: BunLockfile, { packages, workspaces }: PrunedSections, tuples: TupleTexts): string {
  const lines = [...packages].map(([key, { dependency, package: placed }]) => {
    const text = version === 0 && isWorkspace(placed) ? undefined : tuples.get(placed, dependency.bundled);
    return `    ${JSON.stringify(key)}: ${text ?? workspaceTuple(path, placed, version, workspaces)},\n`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}  }`;
}

/** A workspace that no place of the original showed, and any of version 0, where tuples repeat the record. */
function workspaceTuple(file: string, { id, resolution }: BunPackage, version: number, workspaces: JsonObject): string {
  const record = workspaces.get(resolution.slice('workspace:'.length));
  if (!(record instanceof Map))
    throw new StowageError(ErrorCode.LockfileInconsistent, `${file} has no entry for ${id}.`, { where: { file, key: id } });
  if (version > 0) return `[${JSON.stringify(id)}]`;
  const { name: _name, version: _version, ...rest } = Object.fromEntries(record);
  return `[${JSON.stringify(id)}, ${printInline(new Map(Object.entries(rest)))}]`;
}

interface TupleTexts {
  get(of: BunPackage, bundled: boolean): string | undefined;
}

function tupleTexts({ entries }: BunLockfile): TupleTexts {
  const texts = new Map<BunPackage, BunEntry[]>();
  for (const entry of entries.values()) texts.set(entry.package, [...(texts.get(entry.package) ?? []), entry]);
  return {
    get(of, bundled) {
      const known = texts.get(of) ?? [];
      return (known.find((entry) => entry.bundled === bundled) ?? known[0])?.text;
    },
  };
}
