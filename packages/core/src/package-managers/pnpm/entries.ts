import type { Block } from './text-blocks.ts';

/** The entries of a large mapping by their keys, each with its text; a value is read when it is first asked for. */
export class Entries<Value> {
  /** In the order of the text. */
  readonly blocks: readonly Block[];
  readonly #byKey: ReadonlyMap<string, Block>;
  readonly #read: (block: Block) => Value;
  readonly #known = new Map<string, Value>();

  constructor(blocks: readonly Block[], read: (block: Block) => Value) {
    this.blocks = blocks;
    this.#byKey = new Map(blocks.map((block) => [block.key, block]));
    this.#read = read;
  }

  /** The blocks of some keys, in the order of the text. */
  blocksOf(keys: ReadonlyMap<string, unknown> | ReadonlySet<string>): readonly Block[] {
    // where many are chosen, to go through all is quicker than to sort
    if (keys.size * 10 > this.blocks.length) return this.blocks.filter(({ key }) => keys.has(key));
    const chosen = [...keys.keys()].flatMap((key) => this.#byKey.get(key) ?? []);
    return chosen.sort((a, b) => a.start - b.start);
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  get(key: string): Value | undefined {
    const known = this.#known.get(key);
    const block = known === undefined ? this.#byKey.get(key) : undefined;
    if (block === undefined) return known;
    const value = this.#read(block);
    this.#known.set(key, value);
    return value;
  }
}
