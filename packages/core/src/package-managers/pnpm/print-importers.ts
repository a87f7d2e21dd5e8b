import { entriesOf, type PnpmLockfile, SECTIONS, type Section } from './lockfile.ts';
import type { NameOrder } from './name-order.ts';
import type { NarrowedImporter } from './narrow-importers.ts';
import { type Block, bodyOf, newlineOf, splitBlocks } from './text-blocks.ts';

/** One entry of `importers:`, without what the importer no longer depends on. */
export function printImporter(lockfile: PnpmLockfile, block: Block, narrowed: NarrowedImporter, order: NameOrder): string {
  const { text } = lockfile;
  const isWhole = narrowed.sections === lockfile.document.importers.get(block.key) && narrowed.sections.specifiers === undefined;
  if (isWhole) return text.slice(block.start, block.end);
  const body = bodyOf(text, block);
  const maps = printMaps(lockfile, splitBlocks(text, body, block.end, 4), narrowed, { indent: 4, order });
  const header = text.slice(block.start, body);
  return maps === '' && body < block.end ? header.replace(/:(\s*)$/, ': {}$1') : header + maps;
}

interface Form {
  readonly indent: number;
  readonly order: NameOrder;
}

/** The maps of an importer, side by side; those of a flat lockfile are root keys. */
export function printMaps(lockfile: PnpmLockfile, blocks: readonly Block[], narrowed: NarrowedImporter, { indent, order }: Form): string {
  const { text } = lockfile;
  const locked = lockfile.document.importers.get(narrowed.importer.id);
  const entries = new Map(blocks.filter(isSection).map((block) => [block.key, entriesOf(lockfile, block, locked?.[block.key], indent + 2)]));
  const moved = [...entries.values()].flat().filter(({ key }) => narrowed.moved.has(key));
  const parts = blocks.map((block) => {
    if (block.key === 'specifiers') return printSpecifiers(lockfile, block, narrowed, indent + 2);
    if (!isSection(block)) return text.slice(block.start, block.end);
    const kept = (entries.get(block.key) ?? []).filter(
      ({ key }) => Object.hasOwn(narrowed.sections[block.key] ?? {}, key) && !narrowed.moved.has(key),
    );
    const printed = printEntries(
      text,
      block.key === 'dependencies' && moved.length > 0 ? [...kept, ...moved].sort((a, b) => order(a.key, b.key)) : kept,
    );
    return printed === '' ? '' : text.slice(block.start, bodyOf(text, block)) + printed;
  });
  if (moved.length === 0 || entries.has('dependencies')) return parts.join('');
  // pnpm prints `dependencies` before every other map but that of specifiers, and a blank line before each root key.
  const newline = newlineOf(text);
  const dependencies = `${indent === 0 ? newline : ''}${' '.repeat(indent)}dependencies:${newline}${printEntries(text, moved)}`;
  const first = blocks.findIndex(({ key }) => key === 'specifiers') + 1;
  return [...parts.slice(0, first), dependencies, ...parts.slice(first)].join('');
}

/** Those of what the importer still depends on. What no section has was not installed, and stays as long as the manifest names it. */
function printSpecifiers(lockfile: PnpmLockfile, block: Block, { importer, sections }: NarrowedImporter, indent: number): string {
  const { text } = lockfile;
  const { specifiers, ...locked } = lockfile.document.importers.get(importer.id) ?? {};
  const has = (maps: Readonly<Record<string, unknown>>, name: string): boolean =>
    SECTIONS.some((section) => Object.hasOwn((maps[section] as object | undefined) ?? {}, name));
  const kept = entriesOf(lockfile, block, specifiers, indent).filter(
    ({ key }) => has(sections, key) || (!has(locked, key) && has(importer.manifest, key)),
  );
  const header = text.slice(block.start, bodyOf(text, block));
  return kept.length === 0 && bodyOf(text, block) < block.end ? header.replace(/:(\s*)$/, ': {}$1') : header + printEntries(text, kept);
}

function printEntries(text: string, entries: readonly Block[]): string {
  return entries.map(({ start, end }) => text.slice(start, end)).join('');
}

function isSection(block: Block): block is Block & { readonly key: Section } {
  return (SECTIONS as readonly string[]).includes(block.key);
}
