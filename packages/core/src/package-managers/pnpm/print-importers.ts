import { dump } from '@zkochan/js-yaml';
import { entriesOf, type LockedDependency, type PnpmLockfile, SECTIONS, type Section } from './lockfile.ts';
import type { NarrowedImporter } from './narrow-importers.ts';
import { type Block, bodyOf, splitBlocks } from './text-blocks.ts';

/** One entry of `importers:`, without what the importer no longer depends on. */
export function printImporter(lockfile: PnpmLockfile, block: Block, narrowed: NarrowedImporter): string {
  const { text } = lockfile;
  const body = bodyOf(text, block);
  const maps = printMaps(lockfile, block.key, splitBlocks(text, body, block.end, 4), narrowed, 4);
  const header = text.slice(block.start, body);
  return maps === '' && body < block.end ? header.replace(/:(\s*)$/, ': {}$1') : header + maps;
}

/** The maps of an importer, which in a flat lockfile are root keys: the text between the first and the last of them. */
export function printMaps(lockfile: PnpmLockfile, id: string, blocks: readonly Block[], narrowed: NarrowedImporter, indent: number): string {
  const { text } = lockfile;
  const parts = blocks.map((block) => {
    if (!isSection(block.key)) return text.slice(block.start, block.end);
    return printMap(lockfile, id, block, block.key, narrowed, indent);
  });
  // pnpm sorts `dependencies` before every other key of an importer.
  if (narrowed.moved.size > 0 && !blocks.some((block) => block.key === 'dependencies')) parts.unshift(newMap(lockfile, narrowed, indent));
  return parts.join('');
}

function printMap(lockfile: PnpmLockfile, id: string, block: Block, section: Section, narrowed: NarrowedImporter, indent: number): string {
  const { text } = lockfile;
  const entries = entriesOf(lockfile, block, lockfile.document.importers[id]?.[section], indent + 2);
  const kept = narrowed.sections[section] ?? {};
  const pieces = entries
    .filter((entry) => Object.hasOwn(kept, entry.key) && !narrowed.moved.has(entry.key))
    .map((entry) => ({ key: entry.key, text: text.slice(entry.start, entry.end) }));
  if (section === 'dependencies') {
    for (const name of narrowed.moved) pieces.push({ key: name, text: printDependency(lockfile, name, kept[name] as LockedDependency, indent + 2) });
    if (narrowed.moved.size > 0) pieces.sort((a, b) => (a.key < b.key ? -1 : 1));
  }
  return pieces.length === 0 ? '' : text.slice(block.start, bodyOf(text, block)) + pieces.map((piece) => piece.text).join('');
}

function newMap(lockfile: PnpmLockfile, narrowed: NarrowedImporter, indent: number): string {
  const newline = newlineOf(lockfile);
  const entries = [...narrowed.moved].sort().map((name) => {
    return printDependency(lockfile, name, narrowed.sections.dependencies?.[name] as LockedDependency, indent + 2);
  });
  return `${indent === 0 ? newline : ''}${' '.repeat(indent)}dependencies:${newline}${entries.join('')}`;
}

function printDependency(lockfile: PnpmLockfile, name: string, dependency: LockedDependency, indent: number): string {
  const lines = dump({ [name]: dependency }, { lineWidth: -1, noCompatMode: true, noRefs: true })
    .trimEnd()
    .split('\n');
  return lines.map((line) => `${' '.repeat(indent)}${line}${newlineOf(lockfile)}`).join('');
}

export function newlineOf({ text, main }: PnpmLockfile): string {
  return text[text.indexOf('\n', main) - 1] === '\r' ? '\r\n' : '\n';
}

function isSection(key: string): key is Section {
  return (SECTIONS as readonly string[]).includes(key);
}
