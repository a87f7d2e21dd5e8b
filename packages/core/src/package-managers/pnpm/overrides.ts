/** The package that the key of an override is about: `a@1>@b/c@^2` -> `@b/c`. A `>` behind a space, a bar or an `@` belongs to a range. */
export function overriddenName(key: string): string {
  const delimiter = /[^ |@]>/.exec(key)?.index;
  const target = delimiter === undefined ? key : key.slice(delimiter + 2);
  const at = target.indexOf('@', 1);
  return at < 0 ? target : target.slice(0, at);
}

/**
 * Overrides by a direct dependency's version (`$react`) that the narrowed root manifest no longer has, by key, with the version that
 * the lockfile holds for them: pnpm itself would refuse to resolve them.
 */
export function danglingReferences(
  overrides: Readonly<Record<string, unknown>>,
  locked: Readonly<Record<string, string>> | undefined,
  rootDependencies: Readonly<Record<string, string>>,
): Map<string, string> {
  const dangling = new Map<string, string>();
  for (const [key, value] of Object.entries(overrides)) {
    const resolved = locked?.[key];
    if (typeof value !== 'string' || !value.startsWith('$') || resolved === undefined) continue;
    if (rootDependencies[value.slice(1)] === undefined) dangling.set(key, resolved);
  }
  return dangling;
}
