import type { PlacedChange } from './change.ts';
import { changedKeys } from './changed-keys.ts';
import { contentsEqual, type DifferingFile, type PlannedApp, textOf } from './planned-app.ts';

/** How a file differs, by its keys where `byKey`; always at least one change. */
export function fileChanges(
  { path, before, after }: DifferingFile,
  sides: { readonly before: PlannedApp; readonly after: PlannedApp },
  told: Pick<PlacedChange, 'kind' | 'path' | 'stage'> & { readonly byKey: boolean },
): PlacedChange[] {
  const { byKey, ...rest } = told;
  const change = { ...rest, what: path };
  if (before === undefined || after === undefined) return [{ ...change, how: before === undefined ? 'added' : 'removed' }];
  if (contentsEqual(before, sides.before, after, sides.after))
    return [{ ...change, how: 'changed', key: 'file mode', before: before.mode, after: after.mode }];
  const keys = byKey ? changedKeys(laidOut(textOf(before, sides.before)), laidOut(textOf(after, sides.after))) : [];
  return keys.length === 0 ? [{ ...change, how: 'changed' }] : keys.map((key) => ({ ...change, ...keyChange(key) }));
}

/** JSON as its keys are told by: one to a line. */
function laidOut(text: string): string {
  if (!text.startsWith('{')) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const longestValue = 120;

function keyChange({ key, before, after }: ReturnType<typeof changedKeys>[number]): Pick<PlacedChange, 'how' | 'key' | 'before' | 'after'> {
  return {
    how: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    key,
    ...(before === undefined || before === '' ? {} : { before: shortened(before) }),
    ...(after === undefined || after === '' ? {} : { after: shortened(after) }),
  };
}

/** A value in one line of bearable length. */
export function shortened(value: string): string {
  const line = value.replaceAll(/\s*\\?\n\s*/g, ' ');
  return line.length <= longestValue ? line : `${line.slice(0, longestValue - 1)}…`;
}
