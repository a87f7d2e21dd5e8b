import { entriesOf, type PnpmLockfile, SECTIONS, type Section } from './lockfile.ts';
import type { NarrowedImporter } from './narrow-importers.ts';
import { type Block, bodyOf, newlineOf, splitBlocks } from './text-blocks.ts';

/** One entry of `importers:`, without what the importer no longer depends on. */
export function printImporter(lockfile: PnpmLockfile, block: Block, narrowed: NarrowedImporter): string {
  const { text } = lockfile;
  const body = bodyOf(text, block);
  const maps = printMaps(lockfile, splitBlocks(text, body, block.end, 4), narrowed, 4);
  const header = text.slice(block.start, body);
  return maps === '' && body < block.end ? header.replace(/:(\s*)$/, ': {}$1') : header + maps;
}

/** The maps of an importer, side by side; those of a flat lockfile are root keys. */
export function printMaps(lockfile: PnpmLockfile, blocks: readonly Block[], narrowed: NarrowedImporter, indent: number): string {
  const { text } = lockfile;
  const locked = lockfile.document.importers.get(narrowed.importer.id);
  const entries = new Map(blocks.filter(isSection).map((block) => [block.key, entriesOf(lockfile, block, locked?.[block.key], indent + 2)]));
  const moved = [...entries.values()].flat().filter(({ key }) => narrowed.moved.has(key));
  const parts = blocks.map((block) => {
    if (!isSection(block)) return text.slice(block.start, block.end);
    const kept = (entries.get(block.key) ?? []).filter(
      ({ key }) => Object.hasOwn(narrowed.sections[block.key] ?? {}, key) && !narrowed.moved.has(key),
    );
    const printed = printEntries(text, block.key === 'dependencies' ? merge(kept, moved) : kept);
    return printed === '' ? '' : text.slice(block.start, bodyOf(text, block)) + printed;
  });
  if (moved.length === 0 || entries.has('dependencies')) return parts.join('');
  // pnpm prints `dependencies` before every other map, and a blank line before each root key.
  const newline = newlineOf(text);
  return `${indent === 0 ? newline : ''}${' '.repeat(indent)}dependencies:${newline}${printEntries(text, moved)}${parts.join('')}`;
}

function merge(kept: readonly Block[], moved: readonly Block[]): readonly Block[] {
  return moved.length === 0 ? kept : [...kept, ...moved].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function printEntries(text: string, entries: readonly Block[]): string {
  return entries.map(({ start, end }) => text.slice(start, end)).join('');
}

function isSection(block: Block): block is Block & { readonly key: Section } {
  return (SECTIONS as readonly string[]).includes(block.key);
}
