import type { Block } from './text-blocks.ts';

/** The entries of a large mapping by their keys, each with its text; a value is read when it is first asked for. */
export class Entries<Value> {
  /** In the order of the text. */
  readonly blocks: readonly Block[];
  readonly #byKey: ReadonlyMap<string, number>;
  readonly #read: (block: Block) => Value;
  readonly #known = new Map<string, Value>();

  constructor(blocks: readonly Block[], read: (block: Block) => Value) {
    this.blocks = blocks;
    this.#byKey = new Map(blocks.map((block, index) => [block.key, index]));
    this.#read = read;
  }

  /** Where the entry stands in `blocks`. */
  indexOf(key: string): number | undefined {
    return this.#byKey.get(key);
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  get(key: string): Value | undefined {
    const known = this.#known.get(key);
    const block = known === undefined ? this.blocks[this.#byKey.get(key) ?? -1] : undefined;
    if (block === undefined) return known;
    const value = this.#read(block);
    this.#known.set(key, value);
    return value;
  }
}
