import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const readme = fileURLToPath(new URL('README.md', import.meta.url));

/**
 * Puts rows into the table of a section of bench/README.md, which stands between `<!-- NAME:start -->` and `<!-- NAME:end -->`. A row
 * takes the place of the one with the same first cell.
 */
export function writeRows(name: string, header: readonly string[], rows: readonly string[]): void {
  const { text, start, end, from, to, lines } = sectionOf(name);
  const byName = new Map([...lines.slice(header.length), ...rows].map((row) => [row.split(' | ')[0], row]));
  const section = [start, ...header, ...byName.values(), end].join('\n');
  writeFileSync(readme, from < 0 ? `${text}\n${section}\n` : text.slice(0, from) + section + text.slice(to + end.length));
}

/** The cells of each row of a table below its header; none where there is no such section. */
export function rowsOf(name: string): readonly (readonly string[])[] {
  const { lines } = sectionOf(name);
  return lines.slice(lines.findIndex((line) => line.startsWith('| ---')) + 1).map((line) => line.slice(2, -2).split(' | '));
}

function sectionOf(name: string) {
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '# Benchmarks\n';
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  const lines = from < 0 ? [] : text.slice(from, to).split('\n');
  return { text, start, end, from, to, lines: lines.filter((line) => line.startsWith('| ')) };
}
