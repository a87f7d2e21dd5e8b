import { ownValue } from '../../own-value.ts';

/**
 * The package that the key of an override is about, and the one whose dependency it is: `a@1>@b/c@^2` -> `@b/c` of `a`.
 * A `>` behind a space, a bar or an `@` belongs to a range.
 */
export function parseOverrideKey(key: string): { readonly parent: string | undefined; readonly target: string } {
  const delimiter = /[^ |@]>/.exec(key)?.index;
  if (delimiter === undefined) return { parent: undefined, target: packageName(key) };
  return { parent: packageName(key.slice(0, delimiter + 1)), target: packageName(key.slice(delimiter + 2)) };
}

/** `@a/b@^1.0.0` -> `@a/b`. */
export function packageName(selector: string): string {
  const at = selector.indexOf('@', 1);
  return at < 0 ? selector : selector.slice(0, at);
}

/**
 * Overrides of the lockfile that no kept package or importer can meet. A frozen install compares overrides as a whole and applies them
 * to the manifests of importers alone, so lockfile and settings may lose the same ones.
 */
export function foreignOverrides(locked: Readonly<Record<string, string>>, names: ReadonlySet<string>): Set<string> {
  const isForeign = ([key, value]: [string, string]): boolean => {
    const { parent, target } = parseOverrideKey(key);
    return parent === undefined ? value !== '-' && !names.has(target) : !names.has(parent);
  };
  return new Set(
    Object.entries(locked)
      .filter(isForeign)
      .map(([key]) => key),
  );
}

/**
 * Overrides as set, without the dropped ones. One that refers to a direct dependency's version (`$react`) which the narrowed root
 * manifest no longer has gets the version that the lockfile holds: pnpm itself would refuse to resolve it.
 */
export function narrowOverrides(
  overrides: unknown,
  locked: Readonly<Record<string, string>> | undefined,
  dropped: ReadonlySet<string>,
  rootDependencies: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> | undefined {
  if (typeof overrides !== 'object' || overrides === null) return undefined;
  const resolve = (key: string, value: unknown): unknown => {
    const refers = typeof value === 'string' && value.startsWith('$') && ownValue(rootDependencies, value.slice(1)) === undefined;
    return refers ? (ownValue(locked, key) ?? value) : value;
  };
  const kept = Object.entries(overrides).filter(([key]) => !dropped.has(key));
  return kept.length === 0 ? undefined : Object.fromEntries(kept.map(([key, value]) => [key, resolve(key, value)]));
}
