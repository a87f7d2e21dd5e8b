/** A function of a parsed lockfile and a key in it that is computed once for each: many apps ask of the same packages. */
export function perKey<Lockfile extends object, Value extends NonNullable<unknown>>(
  compute: (lockfile: Lockfile, key: string) => Value,
): (lockfile: Lockfile, key: string) => Value {
  const known = new WeakMap<Lockfile, Map<string, Value>>();
  return (lockfile, key) => {
    let values = known.get(lockfile);
    if (values === undefined) {
      values = new Map();
      known.set(lockfile, values);
    }
    let value = values.get(key);
    if (value === undefined) {
      value = compute(lockfile, key);
      values.set(key, value);
    }
    return value;
  };
}
