import type { Placement } from './hoist.ts';
import type { BunEntry, BunLockfile, BunPackage } from './lockfile.ts';
import { type Json, type JsonObject, printBlock, printInline } from './text.ts';

/** What a pruned lockfile has in place of the original's sections; the others stay as they are. */
export interface PrunedSections {
  /** Records by path, the root's `''` first. */
  readonly workspaces: JsonObject;
  readonly packages: ReadonlyMap<string, Placement>;
  /** Objects of tuples that changed. */
  readonly infos: ReadonlyMap<BunPackage, JsonObject>;
  /** By section name; one that became empty goes. */
  readonly narrowed: Readonly<Record<string, Json>>;
}

/** The text of a bun.lock. Tuples stay byte for byte as bun wrote them, wherever they lie now. */
export function printBunLockfile(lockfile: BunLockfile, sections: PrunedSections): string {
  const tuples = tupleTexts(lockfile);
  const parts = lockfile.sections.flatMap(({ key, text }) => {
    if (key === 'packages') return [`  "packages": ${printPackages(sections, tuples)}\n`];
    const narrowed = key === 'workspaces' ? sections.workspaces : sections.narrowed[key];
    if (narrowed === undefined) return [`  ${JSON.stringify(key)}: ${text},\n`];
    return isEmpty(narrowed) ? [] : [`  ${JSON.stringify(key)}: ${printBlock(narrowed, '  ')},\n`];
  });
  return `{\n${parts.join('')}}\n`.replaceAll('\n', lockfile.newline);
}

function isEmpty(value: Json): boolean {
  return value instanceof Map ? value.size === 0 : Array.isArray(value) && value.length === 0;
}

function printPackages({ packages, infos }: PrunedSections, tuples: TupleTexts): string {
  const lines = [...packages].map(([key, { dependency, package: placed }]) => {
    const info = infos.get(placed);
    const written = info === undefined ? tuples.get(placed, dependency.bundled) : `[${JSON.stringify(placed.id)}, ${printInline(info)}]`;
    // A workspace may have had no place of its own.
    return `    ${JSON.stringify(key)}: ${written ?? `[${JSON.stringify(placed.id)}]`},\n`;
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}  }`;
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
