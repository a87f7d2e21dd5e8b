import type { Moment } from './moment.ts';

/** Why an install's identity differs: which files, and what in them. */
export function explainChange(before: Moment, after: Moment): string[] {
  const paths = [...new Set([...before.files.keys(), ...after.files.keys()])].sort();
  const files = paths.flatMap((path) => {
    const [was, is] = [before.files.get(path), after.files.get(path)];
    if (was === is) return [];
    if (was === undefined || is === undefined) return [`${path} ${was === undefined ? 'is new' : 'is gone'}`];
    return path.endsWith('package.json') ? fieldsThatDiffer(path, was, is) : [`${path}: ${linesThatDiffer(was.split('\n'), is.split('\n'))}`];
  });
  const stages = before.stages.join('\n') === after.stages.join('\n') ? [] : [`Dockerfile: ${linesThatDiffer(before.stages, after.stages)}`];
  return [...files, ...stages];
}

/** Names of what an install needs that came, went or changed. */
export function neededThatDiffers(before: Moment, after: Moment): string[] {
  const names = new Set([...before.needed.keys(), ...after.needed.keys()]);
  return [...names].filter((name) => before.needed.get(name) !== after.needed.get(name)).sort();
}

function fieldsThatDiffer(path: string, before: string, after: string): string[] {
  const [was, is] = [JSON.parse(before), JSON.parse(after)] as [Record<string, unknown>, Record<string, unknown>];
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]));
  if (fields.length === 0) return [`${path}: the order of its keys`];
  return fields.map((field) => `${path} ${field}: ${linesThatDiffer(linesOf(was[field]), linesOf(is[field]))}`);
}

function linesOf(value: unknown): string[] {
  return (JSON.stringify(value, null, 1) ?? '').split('\n').map((line) => line.replace(/,$/, ''));
}

function linesThatDiffer(before: readonly string[], after: readonly string[]): string {
  const [was, is] = [new Set(before), new Set(after)];
  const gone = before.filter((line) => !is.has(line)).map((line) => `-${line.trim()}`);
  const come = after.filter((line) => !was.has(line)).map((line) => `+${line.trim()}`);
  const all = [...gone, ...come];
  const shown = [...gone.slice(0, 2), ...come.slice(0, 2)].join(' ').slice(0, 240);
  return `${all.length} lines${shown === '' ? '' : ` (${shown}${all.length > 4 ? ' ...' : ''})`}`;
}
