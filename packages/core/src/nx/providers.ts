import { byCodeUnit } from '../order.ts';
import type { BroughtPackages } from './brought-packages.ts';

/**
 * Of the root's packages the fewest that bring others, which are imported or run though the root does not list them: without these a hoisting
 * package manager would not install them, as it does for the whole root by the way. For each the first provider, those of the same scope
 * before the rest; what none brings is left.
 * @param names the packages of the root that are taken anyway
 */
export function findProviders(input: {
  readonly wanted: readonly string[];
  readonly names: ReadonlySet<string>;
  readonly all: readonly string[];
  readonly brought: BroughtPackages;
}): ReadonlyMap<string, string> {
  const { all, names, brought } = input;
  const wanted = [...new Set(input.wanted)].filter((name) => brought.everything().has(name)).sort(byCodeUnit);
  if (wanted.length === 0) return new Map();
  const followed = choose(wanted, names, all, brought.reached);
  const installed = brought.installed([...names, ...followed.values()]);
  // not where a package lies elsewhere then, or comes under another name
  const isRight = wanted.every((name) => installed.has(name));
  return isRight ? followed : choose(wanted, names, all, brought.installed);
}

function choose(
  wanted: readonly string[],
  names: ReadonlySet<string>,
  all: readonly string[],
  bring: (names: Iterable<string>) => ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of wanted) {
    const taken = [...names, ...found.values()];
    if (bring(taken).has(name)) continue;
    const candidates = all
      .filter((each) => !taken.includes(each))
      .sort((a, b) => Number(inScope(b, name)) - Number(inScope(a, name)) || byCodeUnit(a, b));
    const brings = (count: number): boolean => bring([...taken, ...candidates.slice(0, count)]).has(name);
    if (!brings(candidates.length)) continue;
    let [without, enough] = [0, candidates.length]; // what brings it is the last of the fewest candidates that do
    while (enough - without > 1) {
      const half = (without + enough) >> 1;
      if (brings(half)) enough = half;
      else without = half;
    }
    found.set(name, candidates[enough - 1] as string);
  }
  return found;
}

function inScope(name: string, other: string): boolean {
  return name.startsWith('@') && name.split('/')[0] === other.split('/')[0];
}
