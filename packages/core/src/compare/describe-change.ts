import type { Change } from './change.ts';

/** A change in one line: `express 4.19.2 -> 4.21.0, needed by api > @acme/http`. */
export function describeChange(change: Change): string {
  return `${nameOf(change)}${valuesOf(change)}${wayOf(change)}`;
}

function nameOf({ kind, what, key }: Change): string {
  const named =
    kind === 'dependency' || kind === 'source' || kind === 'root file' ? what : kind === 'manifest' || kind === 'setting' ? what : `${kind} ${what}`;
  return key === undefined ? named : `${named}: ${key}`;
}

function valuesOf({ kind, how, before, after }: Change): string {
  if (kind === 'stage') return how === 'changed' ? ' differs' : ` ${how}`;
  if (before !== undefined && after !== undefined) return ` ${before} -> ${after}`;
  const value = before ?? after;
  if (how === 'changed') return value === undefined ? '' : ` ${before === undefined ? `-> ${after}` : before}`;
  return `${value === undefined ? '' : ` ${value}`} ${how}`;
}

function wayOf({ kind, path }: Change): string {
  if (path.length === 0) return '';
  if (kind === 'root file') return ` (${path.join(' > ')})`;
  return `${kind === 'dependency' || kind === 'workspace' ? ', needed by' : ', in'} ${path.join(' > ')}`;
}
