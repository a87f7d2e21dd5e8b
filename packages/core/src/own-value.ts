/** The value that an object itself has under a key: packages are called `constructor` and `toString` too, which every object inherits. */
export function ownValue<Value>(object: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}
