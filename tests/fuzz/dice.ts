import fc from 'fast-check';

/** Choices made by fast-check: the same seed makes the same choices. */
export class Dice {
  readonly #choose: fc.GeneratorValue;

  constructor(choose: fc.GeneratorValue) {
    this.#choose = choose;
  }

  /** Both ends included. */
  between(min: number, max: number): number {
    return this.#choose(fc.integer, { min, max });
  }

  chance(probability: number): boolean {
    return this.between(1, 100) <= probability * 100;
  }

  pick<Value>(list: readonly Value[]): Value {
    if (list.length === 0) throw new Error('nothing to pick from');
    return list[this.between(0, list.length - 1)] as Value;
  }

  /** Up to `most` different ones, in the list's order. */
  some<Value>(list: readonly Value[], most: number): readonly Value[] {
    const wanted = Math.min(this.between(0, most), list.length);
    const picked = new Set<number>();
    while (picked.size < wanted) picked.add(this.between(0, list.length - 1));
    return list.filter((_, index) => picked.has(index));
  }
}

/** The value that a seed stands for. */
export function seeded<Value>(seed: number, invent: (dice: Dice) => Value): Value {
  const [value] = fc.sample(
    fc.gen().map((choose) => invent(new Dice(choose))),
    { seed, numRuns: 1, unbiased: true },
  );
  return value as Value;
}
