import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const readme = fileURLToPath(new URL('README.md', import.meta.url));

/**
 * Puts rows into the table of a section of bench/README.md, which stands between `<!-- NAME:start -->` and `<!-- NAME:end -->`. A row
 * takes the place of the one with the same first cell.
 */
export function writeRows(name: string, header: readonly string[], rows: readonly string[]): void {
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '# Benchmarks\n';
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  const known =
    from < 0
      ? []
      : text
          .slice(from, to)
          .split('\n')
          .filter((line) => line.startsWith('| '))
          .slice(header.length);
  const byName = new Map([...known, ...rows].map((row) => [row.split(' | ')[0], row]));
  const section = [start, ...header, ...byName.values(), end].join('\n');
  writeFileSync(readme, from < 0 ? `${text}\n${section}\n` : text.slice(0, from) + section + text.slice(to + end.length));
}
