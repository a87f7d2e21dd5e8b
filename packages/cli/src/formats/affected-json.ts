import { type Affected, type AffectedApp, describeChange } from '@stowage/core';

/** Why an app is affected, in one line. */
export function reasonOf({ reason, changes, problem }: AffectedApp): string {
  const [first] = changes;
  if (first === undefined) return reason === 'new' ? 'new since the base' : (problem ?? 'not known');
  return `${describeChange(first)}${changes.length > 1 ? ` (and ${changes.length - 1} more)` : ''}`;
}

/** The object of `--json`. */
export function affectedJson(
  { apps, unaffected, removed }: Affected,
  base: { readonly commit: string; readonly from: string } | null,
): Readonly<Record<string, unknown>> {
  return { base, any: apps.length > 0, count: apps.length, affected: apps, unaffected, removed };
}
