import { perObject } from '../per-object.ts';

/** A function of a parsed lockfile and a key in it that is computed once for each: many apps ask of the same packages. */
export function perKey<Lockfile extends object, Value extends NonNullable<unknown>>(
  compute: (lockfile: Lockfile, key: string) => Value,
): (lockfile: Lockfile, key: string) => Value {
  const valuesOf = perObject((_: Lockfile) => new Map<string, Value>());
  return (lockfile, key) => {
    const values = valuesOf(lockfile);
    let value = values.get(key);
    if (value === undefined) {
      value = compute(lockfile, key);
      values.set(key, value);
    }
    return value;
  };
}
